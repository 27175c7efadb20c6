import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Readiness } from '../../health/readiness.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { Breaker } from './breaker.js';
import { JobQueue } from './job-queue.js';

/** Large enough to save commits of the queue, small enough to spread jobs over several conductors. */
const ENTRY_SIZE = 64;

/**
 * Adds accepted jobs outside their requests; an entry takes all that arrived during the one before. If this process
 * dies, the sweeper finds the jobs in the table.
 */
@Injectable()
export class JobFeeder implements OnApplicationShutdown {
  private readonly logger = new Logger(JobFeeder.name);
  private readonly breaker: Breaker;
  private waiting: string[] = [];
  private isFeeding = false;

  constructor(
    @Inject(JobQueue) private readonly queue: Pick<JobQueue, 'add' | 'depth' | 'quiet' | 'onTrouble'>,
    @Inject(Readiness) readiness: Pick<Readiness, 'watch'>,
    lifecycle: Lifecycle,
  ) {
    // A queue that refuses entries and answers the probe opens and closes the breaker many times.
    const warn = throttled((message) => this.logger.error(message));
    const tell = throttled((message) => this.logger.log(message));
    this.breaker = new Breaker({
      quiet: queue.quiet,
      probe: () => this.probe(),
      onOpen: (error) => warn(`The job queue is unreachable: ${reasonOf(error)}`),
      onClose: () => {
        tell('The job queue is reachable again.');
        this.feed();
      },
    });
    // The queue, which registered before, is opened first.
    lifecycle.onServing(() => this.breaker.start());
    queue.onTrouble(() => this.breaker.suspect());
    readiness.watch('queue', () => !this.breaker.isOpen);
  }

  onApplicationShutdown(): void {
    this.breaker.stop();
  }

  get isAway(): boolean {
    return this.breaker.isOpen;
  }

  offer(ids: readonly string[]): void {
    this.waiting.push(...ids);
    this.feed();
  }

  private feed(): void {
    if (this.isFeeding || this.breaker.isOpen || this.waiting.length === 0) return;
    this.isFeeding = true;
    const ids = this.waiting.splice(0, ENTRY_SIZE);
    this.queue
      .add(ids)
      .then(
        () => this.breaker.succeed(),
        (error: unknown) => {
          // A second entry is harmless, because a job is adopted once.
          this.waiting.unshift(...ids);
          this.breaker.fail(error);
        },
      )
      .finally(() => {
        this.isFeeding = false;
        this.feed();
      });
  }

  private async probe(): Promise<void> {
    await this.queue.depth();
  }
}
