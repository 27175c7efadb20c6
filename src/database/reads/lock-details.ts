import { type Statements } from '../database.js';
import { nowAtMost } from '../is-alive.js';
import { isFirst } from '../is-first.js';
import { isHeld } from '../is-held.js';

const LOCK_DETAILS = {
  name: 'lock-details',
  text: `
    select holder, purpose, held.caller, since, held.fence, held.job_id as "jobId", conductors.expires_at as "until",
           greatest(1, coalesce(ceil(extract(epoch from conductors.expires_at - now())), 1))::int as "leaseSeconds"
    from reservations held
    left join jobs on jobs.id = held.job_id
    left join conductors on conductors.id = coalesce(held.conductor_id, jobs.conductor_id)
    where held.node_id = $1 and ${isHeld('held', nowAtMost('$2'))}`,
};

const IS_FREE = {
  name: 'lock-is-free',
  text: `
    select from (select $1::bigint as node_id) asked
    where ${isFirst('asked.node_id', 'null::bigint')}
      and not exists (
        select from reservations held where held.node_id = asked.node_id and ${isHeld('held', nowAtMost('$2'))})`,
};

export interface LockDetails {
  readonly holder: string;
  readonly purpose: string;
  /** Name of the caller. */
  readonly caller: string | null;
  /** RFC 3339. */
  readonly since: string;
  readonly fence: string;
  readonly jobId: string | null;
  /**
   * When the lease of the holder, or of the conductor of its job, ends unless it is renewed; RFC 3339. Null for a job
   * that is queued, which keeps its lock.
   */
  readonly until: string | null;
  /** Until the lease of the holder, or of the conductor of its job, ends. */
  readonly leaseSeconds: number;
}

/**
 * @param latestDatabaseTime see `nowAtMost`. @returns undefined if the lock is free, or of a process whose lease has
 * ended.
 */
export async function lockDetails(
  statements: Statements,
  nodeId: string,
  latestDatabaseTime: number,
): Promise<LockDetails | undefined> {
  const values = [nodeId, latestDatabaseTime];
  const [row] = await statements.query<LockDetails & Record<string, unknown>>(LOCK_DETAILS, values);
  return row;
}

/** Whether a call without a place in the line could take the lock of a node now. */
export async function isLockFree(
  statements: Statements,
  nodeId: string,
  latestDatabaseTime: number,
): Promise<boolean> {
  return (await statements.query(IS_FREE, [nodeId, latestDatabaseTime])).length > 0;
}
