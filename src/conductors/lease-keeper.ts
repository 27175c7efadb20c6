import { withLimit } from '../waiting/with-limit.js';
import { Life } from './life.js';
import { Stopwatch } from './stopwatch.js';

// Shares of the lease. If a renewal does not answer, two more are sent before the life ends.
const PERIOD_PART = 1 / 3;
const PAUSE_PART = 1 / 12;
const RENEWAL_PART = 1 / 8;
const REGISTRATION_PART = 1 / 4;
/** A life ends after this share; the rest is time for running methods to stop. */
const SAFE_PART = 5 / 6;
const REGISTER_MS = 1_000;
/** Attempts at the start, when the machine may be slow. */
const FIRST_TRIES = 10;

export interface LeaseKeeperOptions {
  readonly lease: number;
  readonly register: (id: string) => Promise<void>;
  /** False: the database considers that life dead. */
  readonly renew: (id: string) => Promise<boolean>;
  readonly onLost: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Measures the lease by the process's own clock from when a renewal was sent, so that a life always ends before its
 * lease does. The process then registers under a new id.
 */
export class LeaseKeeper {
  private current: Life | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;
  private isStopped = false;
  private hasFailed = false;

  constructor(private readonly options: LeaseKeeperOptions) {}

  async start(): Promise<void> {
    for (let turn = 1; !this.life; turn++) {
      try {
        await this.register();
      } catch (error) {
        if (turn >= FIRST_TRIES || !(error instanceof TooLate)) throw error;
      }
    }
    this.schedule();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.current?.stopWatching();
  }

  get life(): Life | undefined {
    return this.current?.isOver === false ? this.current : undefined;
  }

  /** Renews or registers, or joins a call that is running. Never rejects. */
  beat(): Promise<void> {
    this.beating ??= this.renewOrRegister().finally(() => {
      this.beating = undefined;
      this.schedule();
    });
    return this.beating;
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.beat(), this.pause);
    this.timer.unref();
  }

  private get pause(): number {
    const { lease } = this.options;
    if (!this.life) return Math.min(lease * PERIOD_PART, REGISTER_MS);
    return lease * (this.hasFailed ? PAUSE_PART : PERIOD_PART);
  }

  private async renewOrRegister(): Promise<void> {
    try {
      const { life } = this;
      if (life) await this.renew(life);
      if (!this.life && !this.isStopped) await this.register();
      this.hasFailed = false;
    } catch (error) {
      this.hasFailed = true;
      this.options.onFailure(error);
    }
  }

  private async register(): Promise<void> {
    const life = new Life(this.options.lease * SAFE_PART, () => this.lose());
    const sent = new Stopwatch();
    await this.inTime(this.options.register(life.id), REGISTRATION_PART);
    life.renew(sent);
    this.current = life;
  }

  private async renew(life: Life): Promise<void> {
    const sent = new Stopwatch();
    // An answer that comes after the limit still counts, from when its renewal was sent.
    const answered = this.options.renew(life.id).then((isAlive) => {
      if (!isAlive) life.end();
      else if (!this.isStopped) life.renew(sent);
    });
    await this.inTime(answered, RENEWAL_PART);
  }

  private lose(): void {
    this.options.onLost();
    if (!this.isStopped) void this.beat();
  }

  private inTime<T>(work: Promise<T>, part: number): Promise<T> {
    return withLimit(work, this.options.lease * part, new TooLate());
  }
}

class TooLate extends Error {
  constructor() {
    super('The database did not answer in time.');
  }
}
