import { Module } from '@nestjs/common';
import { ForwardingModule } from '../forwarding/forwarding.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { NodesModule } from '../nodes/nodes.module.js';
import { PassthruModule } from '../passthru/passthru.module.js';
import { FleetAccess } from './fleet-access.js';
import { FleetCallRepository } from './fleet-call.repository.js';
import { FleetCalls } from './fleet-calls.js';
import { FleetCallsController } from './fleet-calls.controller.js';
import { FleetChildren } from './fleet-children.js';
import { FleetDryRuns } from './fleet-dry-run.js';
import { FleetNodes } from './fleet-nodes.js';
import { FleetRetention } from './fleet-retention.js';
import { FleetRunRepository } from './fleet-run.repository.js';
import { FleetRunner } from './fleet.runner.js';
import { FleetWaiters } from './fleet-waiters.js';

@Module({
  imports: [ForwardingModule, NodesModule, JobsModule, PassthruModule],
  controllers: [FleetCallsController],
  providers: [
    FleetAccess,
    FleetCallRepository,
    FleetRunRepository,
    FleetNodes,
    FleetChildren,
    FleetDryRuns,
    FleetCalls,
    FleetRunner,
    FleetWaiters,
    FleetRetention,
  ],
})
export class FleetModule {}
