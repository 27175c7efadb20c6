import { Recent } from '../http/limits/recent.js';

interface Record {
  readonly count: number;
  /** When the last attempt may go on, in milliseconds of the clock. */
  readonly next: number;
}

/** Attempts that are not delayed, for typing errors. */
const FREE = 4;
const STEP_MS = 500;
/** Between two attempts. */
export const LONGEST_DELAY_MS = 5_000;
/** An attempt that would have to wait longer is refused at once. */
const LONGEST_WAIT_MS = 15_000;
/** Without a further failure. */
const FORGOTTEN_MS = 300_000;
const MAXIMUM_RECORDS = 4_096;

/**
 * How long attempts of the same origin have to wait. Each counts as wrong from its arrival until it is known to be
 * right, so attempts that come at the same time wait one after another.
 */
export class FailedAttempts {
  private readonly records = new Recent<Record>(MAXIMUM_RECORDS);

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** @returns milliseconds until the attempt may go on; undefined if too many wait already. */
  begin(origin: string): number | undefined {
    const now = this.clock();
    const record = this.recordOf(origin, now);
    const count = (record?.count ?? 0) + 1;
    const delay = count <= FREE ? 0 : Math.min(LONGEST_DELAY_MS, STEP_MS * 2 ** (count - FREE - 1));
    const next = Math.max(now, record?.next ?? now) + delay;
    if (next - now > LONGEST_WAIT_MS) return undefined;
    this.records.set(origin, { count, next });
    return next - now;
  }

  succeeded(origin: string): void {
    this.records.delete(origin);
  }

  /** The attempt ended without a result. */
  withdrawn(origin: string): void {
    const record = this.records.get(origin);
    if (record !== undefined) this.records.set(origin, { ...record, count: Math.max(0, record.count - 1) });
  }

  private recordOf(origin: string, now: number): Record | undefined {
    const record = this.records.get(origin);
    return record === undefined || now - record.next > FORGOTTEN_MS ? undefined : record;
  }
}
