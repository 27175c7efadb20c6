import { Module } from '@nestjs/common';
import { ForwardingModule } from '../forwarding/forwarding.module.js';
import { MaintenanceController } from './maintenance.controller.js';
import { OwnDrivers } from './own-drivers.js';
import { NodeAccess } from './access/node-access.js';
import { NodeController } from './node.controller.js';
import { NodeListRepository } from './list/node-list.repository.js';
import { NodePages } from './list/node-pages.js';
import { NodesController } from './nodes.controller.js';
import { NodeRepository } from './record/node.repository.js';
import { ChangeMaker } from './changes/change-maker.js';
import { NodeChanges } from './changes/node-changes.js';
import { NodePlans } from './changes/node-plans.js';
import { NodesService } from './record/nodes.service.js';
import { PassthruNodes } from './record/passthru-nodes.js';
import { ValidationController } from './validation.controller.js';

/** Fixed path segments come before identifiers. */
@Module({
  imports: [ForwardingModule],
  controllers: [NodesController, ValidationController, MaintenanceController, NodeController],
  providers: [
    NodeAccess,
    NodeRepository,
    NodeListRepository,
    NodePages,
    NodesService,
    NodePlans,
    ChangeMaker,
    NodeChanges,
    PassthruNodes,
    OwnDrivers,
  ],
  exports: [ChangeMaker, NodeAccess, OwnDrivers, NodePages, NodeRepository, NodesService, PassthruNodes],
})
export class NodesModule {}
