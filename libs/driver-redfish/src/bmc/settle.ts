import { setTimeout as delay } from 'node:timers/promises';
import { type BmcCall } from './bmc-call.js';

export async function settle<T>(
  { options: { signal }, patience }: BmcCall,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (let count = 1; ; count += 1) {
    const seen = await look();
    if (seen !== undefined || count >= patience.looks) return seen;
    try {
      await delay(patience.interval, undefined, signal ? { signal } : {});
    } catch (error) {
      // The timer would throw its own AbortError instead of the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  }
}
