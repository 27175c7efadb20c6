import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 500;
const REPORT_MS = 5_000;

export interface RetryOptions {
  /** Seconds after which the last failure is final. */
  readonly patience: number;
  readonly stop: AbortSignal;
  readonly isWorthwhile: (error: unknown) => boolean;
  /** Called at the first failure and every few seconds, with the whole seconds that are left. */
  readonly onFailure: (error: unknown, left: number) => void;
}

/** Repeats an attempt until it succeeds. @throws the last error, when `patience` or `stop` ends the attempts. */
export async function retry<T>(
  attempt: () => Promise<T>,
  { patience, stop, isWorthwhile, onFailure }: RetryOptions,
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
