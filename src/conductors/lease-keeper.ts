import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** Renewals in the time of one lease: two may fail before anything is in danger. */
const RENEWALS_PER_LEASE = 3;
/** The part of a lease, at its end, in which it does not count any more: time for what runs to stop. */
const MARGIN = 1 / 6;
/** The part of a lease that one renewal may take. */
const PATIENCE = 1 / 4;
/** A machine that just starts may be slower than a short lease allows. */
const FIRST_TRIES = 10;

/** One life of a process: from its registration until it ends or cannot prove any more that it lives. */
export interface Life {
  readonly id: string;
}

export interface LeaseKeeperOptions {
  /** Milliseconds. */
  readonly lease: number;
  /** Writes a new life into the database. */
  readonly register: (id: string) => Promise<void>;
  /** False when the database no longer counts it among the living. */
  readonly renew: (id: string) => Promise<boolean>;
  readonly warn: (message: string) => void;
}

interface Lease extends Life {
  safeUntil: number;
}

/**
 * Keeps the lease of this process. It is measured by the process's own clock, from the moment a renewal was
 * sent: when it is about to end, everything that stands on it is told, whatever the database does. Then
 * the process goes on under a new id.
 */
export class LeaseKeeper {
  private lease: Lease | undefined;
  private readonly listeners: (() => void)[] = [];
  private watch: NodeJS.Timeout | undefined;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | undefined;

  constructor(private readonly options: LeaseKeeperOptions) {}

  /** Registers the first life, in a few tries. @throws when the database does not let it. */
  async start(): Promise<void> {
    for (let turn = 1; !this.lease; turn++) {
      try {
        await this.register();
      } catch (error) {
        if (turn >= FIRST_TRIES || !(error instanceof TooLate)) throw error;
      }
    }
    const period = this.options.lease / RENEWALS_PER_LEASE;
    this.timer = setInterval(() => void this.beat(), period);
    this.timer.unref();
  }

  /** No more renewals; the lease itself counts until it ends. */
  stop(): void {
    clearInterval(this.timer);
    clearTimeout(this.watch);
  }

  /**
   * The life that may take locks and jobs now; undefined when there is none. It looks at the clock, so
   * that a process which slept notices before it does anything.
   */
  get life(): Life | undefined {
    this.check();
    return this.lease;
  }

  /** Called when a life has ended: all that was taken in it may belong to others. */
  onLost(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Renews, or registers anew; a second call while one is under way joins it. */
  beat(): Promise<void> {
    this.beating ??= this.renewOrRegister().finally(() => {
      this.beating = undefined;
    });
    return this.beating;
  }

  private async renewOrRegister(): Promise<void> {
    this.check();
    const { lease } = this;
    try {
      if (!lease) await this.register();
      else await this.renew(lease);
    } catch (error) {
      this.options.warn(`The lease of this process could not be renewed: ${String(error)}`);
    }
  }

  private async register(): Promise<void> {
    const id = randomUUID();
    const sentAt = performance.now();
    await this.limited(this.options.register(id));
    this.lease = { id, safeUntil: this.safeUntil(sentAt) };
    this.guard();
  }

  private async renew(lease: Lease): Promise<void> {
    const sentAt = performance.now();
    const isAlive = await this.limited(this.options.renew(lease.id));
    if (lease !== this.lease) return;
    if (isAlive) {
      lease.safeUntil = this.safeUntil(sentAt);
      this.guard();
    } else {
      this.lose();
      await this.register();
    }
  }

  private safeUntil(sentAt: number): number {
    return sentAt + this.options.lease * (1 - MARGIN);
  }

  private guard(): void {
    clearTimeout(this.watch);
    if (!this.lease) return;
    // A timer may fire a moment early; then it is set again.
    const look = (): void => {
      this.check();
      this.guard();
    };
    this.watch = setTimeout(look, Math.max(1, this.lease.safeUntil - performance.now()));
    this.watch.unref();
  }

  private check(): void {
    if (!this.lease) return;
    if (performance.now() >= this.lease.safeUntil) this.lose();
  }

  private lose(): void {
    clearTimeout(this.watch);
    this.lease = undefined;
    for (const listener of this.listeners) listener();
    void this.beat();
  }

  private async limited<T>(work: Promise<T>): Promise<T> {
    const limit = new AbortController();
    const timeout = delay(this.options.lease * PATIENCE, undefined, { signal: limit.signal, ref: false });
    try {
      return await Promise.race([
        work,
        timeout.then((): never => {
          throw new TooLate();
        }),
      ]);
    } finally {
      limit.abort();
      timeout.catch(() => {});
    }
  }
}

class TooLate extends Error {
  constructor() {
    super('the database did not answer in time');
  }
}
