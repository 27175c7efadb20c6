import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { type Job as BullJob } from 'bullmq';
import { CONFIG, type Config } from '../config/config.js';
import { JOB_QUEUE, JobQueue, type QueueEntry } from './job-queue.js';
import { JobRunner } from './job.runner.js';

/**
 * Takes jobs from the queue. A stalled entry is never given to a second worker: after a crash the sweeper
 * decides from the jobs table what may still be run.
 */
@Processor(JOB_QUEUE, { maxStalledCount: 0 })
export class JobProcessor extends WorkerHost implements OnApplicationBootstrap {
  private readonly logger = new Logger(JobProcessor.name);

  constructor(
    private readonly runner: JobRunner,
    private readonly queue: JobQueue,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super();
  }

  async onApplicationBootstrap(): Promise<void> {
    this.worker.concurrency = this.config.conductorConcurrency;
    // Without a listener an error of the connection would end the process; BullMQ reconnects by itself.
    this.worker.on('error', (error) => this.logger.warn(`Job queue: ${error.message}`));
    // On PostgreSQL a first connection that fails is remembered for ever, and retried without a pause: then
    // it is better not to start. Redis is waited for by BullMQ itself, and need not be there yet.
    if (this.config.redisUrl === undefined) {
      await Promise.all([this.worker.waitUntilReady(), this.queue.ready()]);
    }
  }

  async process(entry: BullJob<QueueEntry>): Promise<void> {
    await this.runner.run(entry.data.id);
  }
}
