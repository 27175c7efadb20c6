import type { CallOptions } from '../types.js';
import { delay } from '../wire/scope.js';

/** How often to look for a change that the BMC has accepted but does not show yet. */
export interface Patience {
  readonly looks: number;
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/** Options of calls that look whether a change is there. */
export interface SettleOptions extends CallOptions {
  /** Default: 5 looks, a second apart; BMCs show a change within a second or two. */
  readonly patience?: Patience | undefined;
}

const USUAL: Patience = { looks: 5, interval: 1_000 };

/** Looks repeatedly until `look` finds something; undefined if it never does. */
export async function settle<T>(
  { signal, patience = USUAL }: SettleOptions,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let count = 1; ; count += 1) {
    const seen = await look();
    if (seen !== undefined || count >= patience.looks) return seen;
    await delay(patience.interval, signal);
  }
}
