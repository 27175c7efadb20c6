import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 10;
/** Milliseconds; many times what any condition needs on a machine that is not busy. */
const PATIENCE_MS = 90_000;

/** Waits for a condition; one that throws does not hold yet. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  patience = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    let failure: unknown = 'it did not hold';
    try {
      if (await condition()) return;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`Waited ${patience} ms in vain: ${String(failure)}`);
    await delay(POLL_MS);
  }
}
