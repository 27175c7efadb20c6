import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { NodesModule } from '../nodes/nodes.module.js';
import { EventsController } from './following/events.controller.js';
import { JobStreams } from './following/job-streams.js';
import { JobWatch } from './following/job-watch.js';
import { JobAccess } from './record/job-access.js';
import { JobCancellation } from './job-cancellation.js';
import { JobPages } from './record/job-pages.js';
import { JobRepository } from './record/job.repository.js';
import { JobRetention } from './record/job-retention.js';
import { JobWaiters } from './following/job-waiters.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { LostJobs } from './lost-jobs.js';
import { CallBurst } from './queue/call-burst.js';
import { JobFeeder } from './queue/job.feeder.js';
import { JobQueue } from './queue/job-queue.js';
import { RunningJobs } from './running/running-jobs.js';

@Module({
  imports: [NodesModule, HealthModule],
  controllers: [JobsController, EventsController],
  providers: [
    JobAccess,
    JobRepository,
    JobPages,
    JobCancellation,
    JobWatch,
    JobStreams,
    JobWaiters,
    JobsService,
    JobQueue,
    JobFeeder,
    CallBurst,
    RunningJobs,
    JobRetention,
    LostJobs,
  ],
  exports: [
    JobAccess,
    JobsService,
    JobRepository,
    JobWatch,
    JobWaiters,
    JobQueue,
    JobFeeder,
    CallBurst,
    RunningJobs,
    JobCancellation,
  ],
})
export class JobsModule {}
