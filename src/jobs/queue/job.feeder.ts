import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Readiness } from '../../health/readiness.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { spans } from '../../tracing/spans.js';
import { withLimit } from '../../waiting/with-limit.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { queueOf, type RoutedJob } from './job-queues.js';
import { JobQueue } from './job-queue.js';

/** Large enough to save commits of the queue, small enough to spread jobs over several conductors. */
const ENTRY_SIZE = 64;

/**
 * Adds accepted jobs outside their requests; an entry takes all that arrived during the one before. If this process
 * dies, `LostEntries` finds the jobs in the table.
 */
@Injectable()
export class JobFeeder implements OnApplicationShutdown {
  private readonly logger = new Logger(JobFeeder.name);
  private readonly breaker: CircuitBreaker;
  /** Ids by their queue. */
  private readonly waiting = new Map<string, string[]>();
  private feeding: Promise<void> | undefined;

  constructor(
    @Inject(JobQueue) private readonly queue: Pick<JobQueue, 'add' | 'depth' | 'quiet' | 'onTrouble'>,
    @Inject(Readiness) readiness: Pick<Readiness, 'watch'>,
    private readonly lifecycle: Lifecycle,
  ) {
    // A queue that refuses entries and answers the probe opens and closes the breaker many times.
    const warn = throttled((message) => this.logger.error(message));
    const tell = throttled((message) => this.logger.log(message));
    this.breaker = new CircuitBreaker({
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

  /** The queue is closed afterwards; jobs that were returned to it at the end still get their entries. */
  async onApplicationShutdown(): Promise<void> {
    this.breaker.stop();
    if (!this.feeding) return;
    const { closing } = this.lifecycle.left;
    await withLimit(this.fed(), closing, 'The time for the shutdown is over.').catch(() => {});
  }

  get isAway(): boolean {
    return this.breaker.isOpen;
  }

  offer(jobs: readonly RoutedJob[]): void {
    for (const job of jobs) this.waitFor(queueOf(job)).push(job.id);
    this.feed();
  }

  private waitFor(queue: string): string[] {
    const known = this.waiting.get(queue);
    if (known) return known;
    const ids: string[] = [];
    this.waiting.set(queue, ids);
    return ids;
  }

  private feed(): void {
    if (this.breaker.isOpen || this.waiting.size === 0) return;
    this.feeding ??= spans
      .outside(() => this.addAll())
      .finally(() => {
        this.feeding = undefined;
        this.feed();
      });
  }

  private async addAll(): Promise<void> {
    for (const [queue, waiting] of this.waiting) {
      if (this.breaker.isOpen) return;
      // The rest comes after the other queues.
      this.waiting.delete(queue);
      const ids = waiting.splice(0, ENTRY_SIZE);
      if (waiting.length > 0) this.waiting.set(queue, waiting);
      try {
        await this.queue.add(queue, ids);
        this.breaker.succeed();
      } catch (error) {
        // A second entry is harmless, because a job is adopted once.
        this.waitFor(queue).unshift(...ids);
        this.breaker.fail(error);
      }
    }
  }

  private async fed(): Promise<void> {
    while (this.feeding) await this.feeding;
  }

  private async probe(): Promise<void> {
    await this.queue.depth();
  }
}
