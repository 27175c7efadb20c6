import { Logger } from '@nestjs/common';

/** Beats in the time of one lease: two may fail before anything is in danger. */
const BEATS_PER_LEASE = 3;

export interface LeaseKeeperOptions<T> {
  /** For log lines, in the plural. */
  readonly what: string;
  /** Milliseconds. */
  readonly lease: number;
  /** Renews all in one statement and tells which are still held. */
  readonly renew: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Called once for each that is not, or may not be, held any more. */
  readonly onLost: (held: T) => void;
}

/** Renews in one statement the leases of all that a process holds, and gives up what it could not renew. */
export class LeaseKeeper<T> {
  private readonly logger = new Logger(LeaseKeeper.name);
  /** With the time, by the process's own clock, from which the lease surely runs. */
  private readonly held = new Map<string, { readonly item: T; leasedAt: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: LeaseKeeperOptions<T>) {}

  start(): void {
    this.timer = setInterval(() => void this.beat(), this.options.lease / BEATS_PER_LEASE);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  keep(key: string, item: T): void {
    this.held.set(key, { item, leasedAt: performance.now() });
  }

  drop(key: string): void {
    this.held.delete(key);
  }

  /** One renewal of everything. */
  async beat(): Promise<void> {
    const keys = [...this.held.keys()];
    if (keys.length === 0) return;
    const askedAt = performance.now();
    try {
      const renewed = await this.options.renew(keys);
      for (const key of keys) {
        const entry = this.held.get(key);
        if (!entry) continue;
        if (renewed.has(key)) entry.leasedAt = askedAt;
        else this.lose(key, entry.item);
      }
    } catch (error) {
      this.logger.warn(
        `The leases of ${keys.length} ${this.options.what} could not be renewed: ${String(error)}`,
      );
      for (const [key, { item, leasedAt }] of this.held) {
        if (performance.now() - leasedAt > this.options.lease) this.lose(key, item);
      }
    }
  }

  private lose(key: string, item: T): void {
    this.held.delete(key);
    this.options.onLost(item);
  }
}
