import { Module } from '@nestjs/common';
import { NodesModule } from '../nodes/nodes.module.js';
import { PartServices } from './part-services.js';
import { PortLists } from './port-lists.js';
import { Portgroups } from './portgroups.js';
import { PortgroupsController } from './portgroups.controller.js';
import { Ports } from './ports.js';
import { PortsController } from './ports.controller.js';
import {
  NodePortgroupsController,
  NodePortsController,
  PortgroupPortsController,
} from './sub-lists.controller.js';

@Module({
  imports: [NodesModule],
  controllers: [
    PortsController,
    PortgroupsController,
    NodePortsController,
    NodePortgroupsController,
    PortgroupPortsController,
  ],
  providers: [PartServices, Ports, Portgroups, PortLists],
})
export class PortsModule {}
