/** Milliseconds from the start of a shutdown. */
export interface ShutdownTimes {
  /** Running methods are aborted. */
  readonly work: number;
  /** Everything else gives up. */
  readonly closing: number;
  /** The process is killed. */
  readonly end: number;
}

/** Share of the time for recording results, answering and stopping the database. */
const RESERVE_SHARE = 0.25;
const LEAST_RESERVE_MS = 4_000;
const LEAST_MS = 1_000;
const MOST_RESERVE_MS = 8_000;
/** Share of that reserve for killing what did not end. */
const FORCE_SHARE = 0.5;

/** @param timeout seconds for the whole shutdown, at least one. */
export function shutdownTimes(timeout: number): ShutdownTimes {
  const end = Math.max(timeout * 1_000, LEAST_MS);
  const reserve = Math.min(Math.max(end * RESERVE_SHARE, LEAST_RESERVE_MS), MOST_RESERVE_MS, end);
  return { work: end - reserve, closing: end - reserve * FORCE_SHARE, end };
}
