import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { Notifications } from '../../database/notifications/notifications.js';
import { type ChangedJob, jobChanges, jobMoment, type Moment } from '../../database/reads/job-changes.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';

const CHANNEL = 'ferrule_jobs';
/** Without a message, which may be lost. */
const LOOK_MS = 1_000;
/** Between the beginnings of two looks, however many messages come. */
const PAUSE_MS = 20;
const COMPLAINT_INTERVAL = 5_000;

/** What has changed between two looks. */
export interface Step {
  readonly since: Moment;
  readonly now: Moment;
  /** Undefined: any job may have changed. */
  readonly jobs: readonly ChangedJob[] | undefined;
}

/** Sees that jobs have changed, whatever process changed them: with one look for all who follow jobs in this process. */
@Injectable()
export class JobWatch {
  private readonly logger = new Logger(JobWatch.name);
  private readonly warn = throttled((message) => this.logger.warn(message), COMPLAINT_INTERVAL);
  private readonly followers = new Set<(step: Step) => void>();
  private unsubscribe = (): void => {};
  private at: Moment | undefined;
  private looking: Promise<void> | undefined;
  private lookedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private isAsked = false;
  private asking: { readonly resolve: (now: Moment) => void; readonly reject: (error: unknown) => void }[] =
    [];

  constructor(
    @Inject(Database) private readonly database: Pick<Database, 'hot'>,
    @Inject(Notifications) private readonly notifications: Pick<Notifications, 'subscribe' | 'notify'>,
  ) {}

  /** Tells all processes, after a commit, that jobs have changed. */
  changed(): void {
    this.notifications.notify(CHANNEL);
  }

  /**
   * Calls the follower after each look, until the returned function is called. Each step begins at the moment at which the
   * one before it ended.
   */
  follow(follower: (step: Step) => void): () => void {
    this.followers.add(follower);
    if (this.followers.size === 1) {
      this.unsubscribe = this.notifications.subscribe(CHANNEL, () => this.ask());
      this.ask();
    }
    return () => {
      if (!this.followers.delete(follower) || this.followers.size > 0) return;
      clearTimeout(this.timer);
      this.at = undefined;
      this.unsubscribe();
    };
  }

  /** The moment of a look that begins after the call. @throws the error of the look. */
  now(): Promise<Moment> {
    return new Promise((resolve, reject) => {
      this.asking.push({ resolve, reject });
      this.ask();
    });
  }

  private ask(): void {
    this.isAsked = true;
    if (this.looking) return;
    this.lookIn(Math.max(0, this.lookedAt + PAUSE_MS - performance.now()));
  }

  private lookIn(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.looking = this.round()
        .catch((error: unknown) => this.warn(`The search for changed jobs failed: ${reasonOf(error)}`))
        .finally(() => {
          this.looking = undefined;
          if (this.followers.size === 0) return;
          if (this.isAsked) this.ask();
          else this.lookIn(LOOK_MS);
        });
    }, milliseconds).unref();
  }

  private async round(): Promise<void> {
    this.isAsked = false;
    this.lookedAt = performance.now();
    const asking = this.asking.splice(0);
    try {
      const now = await this.look();
      for (const { resolve } of asking) resolve(now);
    } catch (error) {
      for (const { reject } of asking) reject(error);
      throw error;
    }
  }

  private async look(): Promise<Moment> {
    const since = this.at;
    if (since === undefined) {
      this.at = await jobMoment(this.database.hot);
      return this.at;
    }
    const { now, jobs } = await jobChanges(this.database.hot, since);
    this.at = now;
    for (const follower of this.followers) follower({ since, now, jobs });
    return now;
  }
}
