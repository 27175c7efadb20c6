import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 500;
const REPORT_MS = 5_000;

export interface Insistence {
  /** Seconds after which the last failure is final. */
  readonly patience: number;
  /** Ends the waiting; the last failure is thrown. */
  readonly stop: AbortSignal;
  /** Whether another try may succeed. */
  readonly isWorthwhile: (error: unknown) => boolean;
  /** Told at the first failure and every few seconds, with the whole seconds that are left. */
  readonly onFailure: (error: unknown, left: number) => void;
}

/** Tries something until it succeeds, for a limited time. */
export async function insist<T>(
  attempt: () => Promise<T>,
  { patience, stop, isWorthwhile, onFailure }: Insistence,
): Promise<T> {
  const deadline = performance.now() + patience * 1_000;
  for (let nextReport = 0; ;) {
    try {
      return await attempt();
    } catch (error) {
      const now = performance.now();
      if (now >= deadline || stop.aborted || !isWorthwhile(error)) throw error;
      if (now >= nextReport) {
        onFailure(error, Math.ceil((deadline - now) / 1_000));
        nextReport = now + REPORT_MS;
      }
      await delay(Math.min(PAUSE_MS, deadline - now), undefined, { signal: stop }).catch(() => {});
    }
  }
}
