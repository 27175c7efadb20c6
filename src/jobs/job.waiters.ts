import { FerruleError } from '@ferrule/driver-kit';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Coalescer } from '../database/coalescer.js';
import { Database } from '../database/database.js';
import { endedJobs } from '../database/reads/ended-jobs.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { reasonOf } from '../logging/reason-of.js';
import { throttled } from '../logging/throttled.js';
import { Periodic } from '../waiting/periodic.js';
import { Places } from '../waiting/places.js';
import { type Stop } from '../waiting/stop.js';
import { JobWatch, type Step } from './following/job-watch.js';

const BEAT_MS = 1_000;
const COMPLAINT_INTERVAL = 5_000;
/** Each costs a connection and a look at its job in every beat. */
const MOST_WAITERS = 1_000;
const SHARE = 250;

/** 503: `Retry-After` has the seconds. */
export class TooManyWaiting extends FerruleError {
  readonly code = 'TooManyWaiting';
  readonly status = 503;
  constructor() {
    super(
      `${MOST_WAITERS} requests wait for jobs already, or ${SHARE} of this caller. Please retry, or ask without 'wait'.`,
    );
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '1' };
  }
}

/**
 * Requests that wait for the ends of jobs, which any process may run. The look at each of them, once at the beginning and
 * every now and then, is for the ends that were before the watch began, and for jobs that are deleted.
 */
@Injectable()
export class JobWaiters {
  private readonly logger = new Logger(JobWaiters.name);
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly beat: Periodic;
  private readonly looks = new Coalescer<string, boolean>({ work: (ids) => this.haveEnded(ids) });
  private unfollow = (): void => {};
  private readonly places = new Places(MOST_WAITERS, SHARE);

  constructor(
    @Inject(Database) private readonly database: Pick<Database, 'hot'>,
    private readonly lifecycle: Lifecycle,
    @Inject(JobWatch) private readonly watch: Pick<JobWatch, 'follow' | 'now'>,
  ) {
    const warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
    this.beat = new Periodic(
      () => BEAT_MS,
      () => this.look(),
      (error) => warn(`The search for jobs that ended failed: ${reasonOf(error)}`),
    );
    lifecycle.onDrain(() => this.ended([...this.waiting.keys()]));
  }

  /** How many wait. */
  get size(): number {
    return this.places.taken;
  }

  /**
   * Resolves when the job has ended or is not there, when the time is over, and when the service stops.
   * @param gone the client, whose leaving ends the wait.
   * @param origin with which others it shares its part of the places.
   * @throws TooManyWaiting (503), and the reason of `gone`.
   */
  async wait(id: string, milliseconds: number, gone: Stop, origin: string): Promise<void> {
    if (this.lifecycle.isDraining) return;
    const giveBack = this.places.take(origin);
    if (!giveBack) throw new TooManyWaiting();
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        gone.removeListener(end);
        this.remove(id, end);
        giveBack();
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.add(id, end);
      gone.onAbort(end);
      const look = this.watch.now().then(() => this.looks.run(id));
      // After a failure, the beat looks again.
      look.then((hasEnded) => hasEnded && end()).catch(() => {});
    });
    gone.throwIfAborted();
  }

  private ended(ids: readonly string[]): void {
    for (const id of ids) for (const end of this.waiting.get(id) ?? []) end();
  }

  private add(id: string, end: () => void): void {
    const ends = this.waiting.get(id);
    if (ends) ends.add(end);
    else this.waiting.set(id, new Set([end]));
    if (this.waiting.size > 1 || ends) return;
    this.unfollow = this.watch.follow((step) => this.step(step));
    this.beat.start();
  }

  private remove(id: string, end: () => void): void {
    const ends = this.waiting.get(id);
    if (!ends?.delete(end)) return;
    if (ends.size === 0) this.waiting.delete(id);
    if (this.waiting.size > 0) return;
    this.unfollow();
    void this.beat.stop();
  }

  private step({ jobs }: Step): void {
    if (jobs) this.ended(jobs.filter(({ hasEnded }) => hasEnded).map(({ id }) => id));
    else void this.beat.run();
  }

  private async look(): Promise<void> {
    const ids = [...this.waiting.keys()];
    if (ids.length > 0) this.ended(await endedJobs(this.database.hot, ids));
  }

  private async haveEnded(ids: readonly string[]): Promise<boolean[]> {
    const ended = new Set(await endedJobs(this.database.hot, ids));
    return ids.map((id) => ended.has(id));
  }
}
