import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Readiness } from '../../health/readiness.js';
import { Breaker } from './breaker.js';
import { JobQueue } from './job-queue.js';

/** Jobs per entry: many enough to save commits of the queue, few enough to spread over several conductors. */
const ENTRY_SIZE = 64;

/**
 * Adds accepted jobs to the queue outside their requests, one entry at a time; each takes all jobs that arrived
 * meanwhile. Failed entries are kept and retried. If this process dies, the sweeper finds the jobs in the table.
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
  ) {
    this.breaker = new Breaker({
      quiet: queue.quiet,
      probe: () => this.probe(),
      onOpen: (error) => this.logger.error(`The job queue is unreachable: ${messageOf(error)}`),
      onClose: () => {
        this.logger.log('The job queue is reachable again.');
        this.feed();
      },
    });
    queue.onTrouble(() => this.breaker.suspect());
    readiness.watch('queue', () => !this.breaker.isOpen);
  }

  onApplicationShutdown(): void {
    this.breaker.stop();
  }

  /** Whether the queue is known to be away; then no job should be accepted. */
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
          // The entry may have been added; a second one is harmless, because a job is adopted once.
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
