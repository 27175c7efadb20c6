import { Module } from '@nestjs/common';
import { ForwardingModule } from '../forwarding/forwarding.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { NodesModule } from '../nodes/nodes.module.js';
import { PassthruModule } from '../passthru/passthru.module.js';
import { FleetAccess } from './fleet-access.js';
import { FleetCallRepository } from './fleet-call.repository.js';
import { FleetCalls } from './fleet-calls.js';
import { FleetCallsController } from './fleet-calls.controller.js';
import { FleetNodeRepository } from './fleet-node.repository.js';
import { FleetRetention } from './fleet-retention.js';
import { FleetWaiters } from './fleet-waiters.js';
import { AskedNodes } from './making/asked-nodes.js';
import { FleetDryRuns } from './making/fleet-dry-run.js';
import { FleetPlans } from './making/fleet-plans.js';
import { NodeCalls } from './node-calls.js';
import { FleetRunner } from './running/fleet.runner.js';

@Module({
  imports: [ForwardingModule, NodesModule, JobsModule, PassthruModule],
  controllers: [FleetCallsController],
  providers: [
    FleetAccess,
    FleetCallRepository,
    FleetNodeRepository,
    NodeCalls,
    AskedNodes,
    FleetPlans,
    FleetDryRuns,
    FleetCalls,
    FleetRunner,
    FleetWaiters,
    FleetRetention,
  ],
})
export class FleetModule {}
