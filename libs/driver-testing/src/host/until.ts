import { setTimeout as delay } from 'node:timers/promises';

/**
 * The first defined value of repeated attempts.
 * @param limit milliseconds
 * @throws Error when the time is over
 */
export async function until<T>(
  what: string,
  limit: number,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (const deadline = performance.now() + limit; ; await delay(5)) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`${what} took more than ${limit / 1_000} s.`);
  }
}
