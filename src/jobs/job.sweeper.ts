import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { JobQueue } from './job-queue.js';
import { JobRepository } from './job.repository.js';

/** Seconds that a queued job may wait before its queue entry is looked for. */
const ENQUEUE_GRACE = 5;
const SWEEPS_PER_LEASE = 3;

const LOST =
  'The conductor that ran the job fell silent; what the method did meanwhile is unknown, and it is not run again.';

/** Finds what dead processes left: jobs without a queue entry, jobs and locks whose lease ran out. */
@Injectable()
export class JobSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(JobSweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly jobs: JobRepository,
    private readonly queue: JobQueue,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), (this.config.lease * 1000) / SWEEPS_PER_LEASE);
    this.timer.unref();
    void this.sweep();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** One sweep; a second call while one is under way joins it. */
  sweep(): Promise<void> {
    this.sweeping ??= this.run().finally(() => {
      this.sweeping = undefined;
    });
    return this.sweeping;
  }

  private async run(): Promise<void> {
    try {
      const lost = await this.jobs.giveUpExpired(LOST);
      for (const id of lost)
        this.logger.error(`The outcome of job ${id} is unknown: its conductor fell silent.`);
      for (const id of await this.jobs.queuedFor(ENQUEUE_GRACE)) await this.queue.ensure(id);
      await this.jobs.deleteOlderThan(this.config.jobRetention);
    } catch (error) {
      this.logger.warn(`The sweep failed: ${String(error)}`);
    }
  }
}
