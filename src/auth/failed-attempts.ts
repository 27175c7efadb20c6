import { Recent } from '../http/limits/recent.js';

interface Record {
  readonly count: number;
  /** Milliseconds of the clock. */
  readonly last: number;
}

/** Typing errors cost nothing. */
const FREE = 4;
const STEP_MS = 500;
const LONGEST_MS = 5_000;
/** Without a further failure. */
const FORGOTTEN_MS = 300_000;
const MAXIMUM_RECORDS = 4_096;

/**
 * How long the next attempt has to wait after wrong ones of the same origin. Only ever a delay: a right password is
 * accepted however many wrong ones came before.
 */
export class FailedAttempts {
  private readonly records = new Recent<Record>(MAXIMUM_RECORDS);

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** @returns milliseconds. */
  delay(origin: string): number {
    const count = this.countOf(origin);
    return count <= FREE ? 0 : Math.min(LONGEST_MS, STEP_MS * 2 ** (count - FREE - 1));
  }

  failed(origin: string): void {
    this.records.set(origin, { count: this.countOf(origin) + 1, last: this.clock() });
  }

  succeeded(origin: string): void {
    this.records.delete(origin);
  }

  private countOf(origin: string): number {
    const record = this.records.get(origin);
    return record === undefined || this.clock() - record.last > FORGOTTEN_MS ? 0 : record.count;
  }
}
