import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { PROCESS, type ProcessDescription } from '../conductors/process-description.js';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { cancelRequests } from '../database/reads/cancel-requests.js';
import { endedJobs } from '../database/reads/ended-jobs.js';
import { enqueueAgain } from '../database/transitions/enqueue-again.js';
import { giveBackForgotten } from '../database/transitions/give-back.js';
import { giveUp } from '../database/transitions/give-up.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttledCalls } from '../logging/throttled.js';
import { JobMetrics } from '../metrics/job.metrics.js';
import { Periodic } from '../waiting/periodic.js';
import { JobWatch } from './following/job-watch.js';
import { jobLine, LAST_ERROR } from './record/job.js';
import { JobRepository } from './record/job.repository.js';
import { JobFeeder } from './queue/job.feeder.js';
import { FORMER_QUEUE, queueOf } from './queue/job-queues.js';
import { JobQueue } from './queue/job-queue.js';
import { RunningJobs } from './running/running-jobs.js';

const ROUNDS_PER_LEASE = 3;
const LONGEST_INTERVAL = 10_000;
const ENQUEUE_INTERVAL = 5_000;
const CANCEL_INTERVAL = 1_000;
const RETENTION_INTERVAL = 60_000;
const COMPLAINT_INTERVAL = 5_000;
const LIMIT = 1_000;

/** Seconds after which a queued job's entry counts as lost, if the queue of its driver is empty. */
const OVERDUE = 5;
/** Otherwise one of the entries is probably the job's. */
const LONG_OVERDUE = 300;

const LOST = {
  message:
    'The conductor that ran the job stopped responding; the effect of the method is unknown, and it is not run again.',
  lastError: LAST_ERROR,
};

/** Its searches are independent, so that a failed or slow one does not stop the others. */
@Injectable()
export class JobSweeper implements OnApplicationShutdown {
  private readonly logger = new Logger(JobSweeper.name);
  readonly expiry: Periodic;
  readonly enqueueing: Periodic;
  readonly retention: Periodic;
  readonly reconciliation: Periodic;
  readonly cancellation: Periodic;
  private lookedAt = '-infinity';
  private readonly ended = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly repository: JobRepository,
    private readonly conductor: Conductor,
    private readonly jobs: RunningJobs,
    private readonly queue: JobQueue,
    private readonly feeder: JobFeeder,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: JobMetrics,
    private readonly watch: JobWatch,
    @Inject(PROCESS) private readonly own: ProcessDescription,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const interval = Math.min((config.lease * 1000) / ROUNDS_PER_LEASE, LONGEST_INTERVAL);
    this.expiry = this.periodic('for jobs of dead conductors', interval, () => this.expire());
    this.reconciliation = this.periodic('for forgotten jobs', interval, () => this.reconcile());
    this.cancellation = this.periodic('for jobs to cancel', CANCEL_INTERVAL, () => this.cancel());
    this.enqueueing = this.periodic('for jobs without an entry', ENQUEUE_INTERVAL, () => this.enqueue());
    this.retention = this.periodic('for old jobs', RETENTION_INTERVAL, () => this.deleteOld());
    lifecycle.onServing(() => {
      for (const each of this.all) each.start();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.ended.abort();
    await Promise.all(this.all.map((each) => each.stop()));
  }

  private get all(): readonly Periodic[] {
    return [this.expiry, this.reconciliation, this.cancellation, this.enqueueing, this.retention];
  }

  private periodic(what: string, interval: number, work: () => Promise<void>): Periodic {
    const warn = throttledCalls(
      (error: unknown, leftOut) =>
        this.logger.warn(`The search ${what} failed: ${reasonOf(error)}${leftOut}`),
      COMPLAINT_INTERVAL,
    );
    const onError = (error: unknown): void => {
      if (!this.ended.signal.aborted) warn(error);
    };
    return new Periodic(() => interval, work, onError);
  }

  private async expire(): Promise<void> {
    for (let found = LIMIT; found === LIMIT && !this.lifecycle.isDraining;) {
      const { latestDatabaseTime } = this.conductor;
      const lost = await giveUp(this.database.hot, LOST, LIMIT, latestDatabaseTime, this.config);
      if (lost.length > 0) this.watch.changed();
      for (const job of await this.repository.logged(lost)) {
        const line = `The outcome of job ${job.id} is unknown: its conductor stopped responding.`;
        this.logger.error(jobLine(line, job));
      }
      this.metrics.ended('outcome-unknown', lost.length);
      found = lost.length;
    }
  }

  private async reconcile(): Promise<void> {
    const known = this.jobs.known;
    const { id } = this.conductor.life;
    const { lookedAt, ids: forgotten } = await giveBackForgotten(this.database.hot, id, known, this.lookedAt);
    this.lookedAt = lookedAt;
    if (forgotten.length === 0) return;
    this.feeder.offer(await this.repository.routed(forgotten));
    this.watch.changed();
    for (const job of await this.repository.logged(forgotten)) {
      const line = `Job ${job.id} was returned to the queue: the answer to its adoption was lost.`;
      this.logger.warn(jobLine(line, job));
    }
  }

  /** Those that another process was asked to cancel, and those that it ended. */
  private async cancel(): Promise<void> {
    if (this.jobs.isIdle || !this.conductor.hasLease) return;
    const ids = await cancelRequests(this.database.hot, this.conductor.life.id);
    for (const id of ids) this.jobs.cancel(id);
    for (const id of await endedJobs(this.database.hot, this.jobs.ids)) this.jobs.takenAway(id);
  }

  /** Those that this process may run. */
  private async enqueue(): Promise<void> {
    if (this.feeder.isAway || this.lifecycle.isDraining) return;
    const { group } = this.own;
    const drivers = this.own.drivers.map(({ name }) => name);
    if (drivers.length === 0) return;
    const { signal } = this.ended;
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

  private async deleteOld(): Promise<void> {
    const { jobRetention: seconds, jobRetentionCount: count, webhookUrl } = this.config;
    const before = await this.repository.keptSince({ seconds, count });
    let deleted = { count: LIMIT, last: '-infinity' };
    while (deleted.count === LIMIT && !this.lifecycle.isDraining) {
      const options = { keepsUndelivered: webhookUrl !== undefined, since: deleted.last };
      deleted = await this.repository.deleteEnded(before, LIMIT, options);
    }
  }
}
