import { isAlive } from './is-alive.js';

/**
 * SQL: whether a lock is held so that nobody else may take it: by a job, or by a call of a process whose lease has not
 * ended.
 *
 * @param lock the name of a row of `reservations`. @param now an SQL expression, of `nowAtMost`.
 */
export function isHeld(lock: string, now: string): string {
  const isOfLiveCall = isAlive(`${lock}.conductor_id`, now);
  return `(${lock}.token is not null and (${lock}.job_id is not null or ${isOfLiveCall}))`;
}
