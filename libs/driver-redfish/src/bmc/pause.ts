import { setTimeout as delay } from 'node:timers/promises';

/** Rejects with the signal's reason; the timer of Node would reject with an AbortError of its own. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
