import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { NodesModule } from '../nodes/nodes.module.js';
import { JobLeases } from './job-leases.js';
import { JOB_QUEUE, JobQueue } from './job-queue.js';
import { JobProcessor } from './job.processor.js';
import { JobRepository } from './job.repository.js';
import { JobRunner } from './job.runner.js';
import { JobSweeper } from './job.sweeper.js';
import { JobsController } from './jobs.controller.js';
import { JobsService } from './jobs.service.js';
import { queueOptions } from './queue-backend.js';

/** Asynchronous calls: their records, their queue, and the conductor that runs them. */
@Module({
  imports: [
    NodesModule,
    BullModule.forRootAsync({
      useFactory: (config: Config, database: Database) =>
        queueOptions(config.redisUrl, database.connection()),
      inject: [CONFIG, Database],
    }),
    BullModule.registerQueue({ name: JOB_QUEUE }),
  ],
  controllers: [JobsController],
  providers: [JobRepository, JobQueue, JobsService, JobLeases, JobRunner, JobProcessor, JobSweeper],
  exports: [JobsService],
})
export class JobsModule {}
