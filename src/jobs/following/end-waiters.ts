import { FerruleError } from '@ferrule/driver-kit';
import { Logger } from '@nestjs/common';
import { Coalescer } from '../../database/coalescer.js';
import { type Lifecycle } from '../../lifecycle/lifecycle.js';
import { reasonOf } from '../../logging/reason-of.js';
import { throttled } from '../../logging/throttled.js';
import { Periodic } from '../../waiting/periodic.js';
import { type Stop } from '../../waiting/stop.js';
import { Waiters } from '../../waiting/waiters.js';

const BEAT_MS = 1_000;
const COMPLAINT_INTERVAL = 5_000;

/** What is waited for. */
export interface Ends {
  /** In the plural, for messages. */
  readonly what: string;
  /** Each costs a connection and a look in every beat. */
  readonly most: number;
  /** The most of one caller. */
  readonly share: number;
  /** @returns those that have ended, or are not there. */
  ended(ids: readonly string[]): Promise<readonly string[]>;
  /** @param onChange gets the ids of those that have ended; undefined: any may have. @returns what ends it. */
  follow(onChange: (ended: readonly string[] | undefined) => void): () => void;
  /** Resolves when ends from now on are seen by `follow`, or by a look after it. */
  ready(): Promise<unknown>;
}

/** 503: `Retry-After` has the seconds. */
export class TooManyWaiting extends FerruleError {
  readonly code = 'TooManyWaiting';
  readonly status = 503;
  constructor({ what, most, share }: Pick<Ends, 'what' | 'most' | 'share'>) {
    super(
      `${most} requests wait for ${what} already, or ${share} of this caller. Please retry, or ask without 'wait'.`,
    );
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '1' };
  }
}

/**
 * Requests that wait for the ends of things, which any process may record. The look at each of them, once at the beginning
 * and every now and then, is for the ends that were before the following began, and for what is deleted.
 */
export class EndWaiters {
  private readonly waiters: Waiters;
  private readonly looks: Coalescer<string, boolean>;

  constructor(
    private readonly ends: Ends,
    private readonly lifecycle: Lifecycle,
  ) {
    const logger = new Logger(EndWaiters.name);
    const warn = throttled((message) => logger.warn(message), COMPLAINT_INTERVAL);
    const beat = new Periodic(
      () => BEAT_MS,
      () => this.look(),
      (error) => warn(`The search for ${ends.what} that ended failed: ${reasonOf(error)}`),
    );
    this.looks = new Coalescer<string, boolean>({ work: (ids) => this.haveEnded(ids) });
    let unfollow = (): void => {};
    this.waiters = new Waiters(ends, {
      begin: () => {
        unfollow = ends.follow((ended) => {
          if (ended) this.waiters.end(ended);
          else void beat.run();
        });
        beat.start();
      },
      end: () => {
        unfollow();
        void beat.stop();
      },
    });
    lifecycle.onDrain(() => this.waiters.endAll());
  }

  /** How many wait. */
  get size(): number {
    return this.waiters.size;
  }

  /**
   * Resolves when it has ended or is not there, when the time is over, and when the service stops.
   * @param gone the client, whose leaving ends the wait.
   * @param origin with which others it shares its part of the places.
   * @throws TooManyWaiting (503), and the reason of `gone`.
   */
  async wait(id: string, milliseconds: number, gone: Stop, origin: string): Promise<void> {
    if (this.lifecycle.isDraining) return;
    const wait = this.waiters.wait(id, milliseconds, gone, origin);
    const look = this.ends.ready().then(() => this.looks.run(id));
    // After a failure, the beat looks again.
    look.then((hasEnded) => hasEnded && this.waiters.end([id])).catch(() => {});
    if (!(await wait)) throw new TooManyWaiting(this.ends);
  }

  private async look(): Promise<void> {
    const { ids } = this.waiters;
    if (ids.length > 0) this.waiters.end(await this.ends.ended(ids));
  }

  private async haveEnded(ids: readonly string[]): Promise<boolean[]> {
    const ended = new Set(await this.ends.ended(ids));
    return ids.map((id) => ended.has(id));
  }
}
