import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PROCESS, type ProcessDescription } from '../../conductors/process-description.js';
import { Database } from '../../database/database.js';
import { enqueueAgain } from '../../database/transitions/enqueue-again.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobSearch } from '../job-search.js';
import { JobFeeder } from '../queue/job.feeder.js';
import { FORMER_QUEUE, queueOf } from '../queue/job-queues.js';
import { JobQueue } from '../queue/job-queue.js';
import { JobRepository } from '../record/job.repository.js';

/** Milliseconds. */
const INTERVAL = 5_000;
const LIMIT = 1_000;

/** Seconds after which a queued job's entry counts as lost, if the queue of its driver is empty. */
const OVERDUE = 5;
/** Otherwise one of the entries is probably the job's. */
const LONG_OVERDUE = 300;

/** Gives queued jobs that this process may run a new entry, if theirs was lost. */
@Injectable()
export class LostEntries implements OnApplicationShutdown {
  readonly search: JobSearch;

  constructor(
    private readonly database: Database,
    private readonly repository: JobRepository,
    private readonly queue: JobQueue,
    private readonly feeder: JobFeeder,
    private readonly lifecycle: Lifecycle,
    @Inject(PROCESS) private readonly own: ProcessDescription,
  ) {
    this.search = new JobSearch(lifecycle, 'for jobs without an entry', INTERVAL, () => this.enqueue());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.search.stop();
  }

  private async enqueue(): Promise<void> {
    if (this.feeder.isAway || this.lifecycle.isDraining) return;
    const { group } = this.own;
    const drivers = this.own.drivers.map(({ name }) => name);
    if (drivers.length === 0) return;
    const { signal } = this.search;
    const queues = [FORMER_QUEUE, ...drivers.map((driver) => queueOf({ driver, group }))];
    const [former, ...depths] = await Promise.all(queues.map((queue) => this.queue.depth(queue, signal)));
    const idle = drivers.filter((_, index) => former === 0 && depths[index] === 0);
    await this.enqueueJobsOf(idle, OVERDUE);
    const busy = drivers.filter((driver) => !idle.includes(driver));
    await this.enqueueJobsOf(busy, LONG_OVERDUE);
  }

  private async enqueueJobsOf(drivers: readonly string[], seconds: number): Promise<void> {
    if (drivers.length === 0) return;
    const { group } = this.own;
    const overdue = await enqueueAgain(this.database.hot, seconds, LIMIT, { drivers, group });
    if (overdue.length > 0) this.feeder.offer(await this.repository.routed(overdue));
  }
}
