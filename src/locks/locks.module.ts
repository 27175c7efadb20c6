import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { NodesModule } from '../nodes/nodes.module.js';
import { LockBreaker } from './lock-breaker.js';
import { LockRepository } from './lock.repository.js';
import { LocksController } from './locks.controller.js';

@Module({
  imports: [NodesModule, JobsModule],
  controllers: [LocksController],
  providers: [LockRepository, LockBreaker],
})
export class LocksModule {}
