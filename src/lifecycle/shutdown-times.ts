/** Milliseconds from the begin of a shutdown. */
export interface ShutdownTimes {
  /** Running methods are aborted. */
  readonly work: number;
  /** Whatever still waits gives up. */
  readonly closing: number;
  /** The process ends, come what may. */
  readonly end: number;
}

/** Recording results, answering and stopping the database get a quarter of the time, within these limits. */
const RESERVE_SHARE = 0.25;
const LEAST_RESERVE_MS = 2_000;
const LEAST_MS = 1_000;
const MOST_RESERVE_MS = 8_000;
/** The share of the reserve that is left for ending by force what did not end by itself. */
const FORCE_SHARE = 0.5;

/**
 * How a shutdown's time is divided.
 * @param timeout seconds for all of it; less than a second counts as one.
 */
export function shutdownTimes(timeout: number): ShutdownTimes {
  const end = Math.max(timeout * 1_000, LEAST_MS);
  const reserve = Math.min(Math.max(end * RESERVE_SHARE, LEAST_RESERVE_MS), MOST_RESERVE_MS, end);
  return { work: end - reserve, closing: end - reserve * FORCE_SHARE, end };
}
