import { type Statements } from '../database.js';
import { FREE_LOCK } from '../free-lock.js';
import { nowAtMost } from '../is-alive.js';
import { isHeld } from '../is-held.js';
import { type AuditChoice } from './audited.js';
import { auditedEnds } from './audited-ends.js';

export interface BrokenLock {
  readonly holder: string;
  readonly purpose: string;
  /** Name of the caller that it was held for. */
  readonly caller: string | null;
  readonly token: string;
  /** Higher than that of the lock; the next one gets a higher one still. */
  readonly fence: string;
  readonly jobId: string | null;
  readonly jobState: 'cancelled' | 'outcome-unknown' | null;
}

export interface Breaking {
  readonly nodeId: string;
  /** Of the lock that is to be broken, and no other; undefined for whatever lock is held. */
  readonly fence: string | undefined;
  /** Name of the caller. */
  readonly by: string | null;
  /** Stored as the error of a job that was queued. */
  readonly cancelled: string;
  /** Stored as the error of a job that runs. */
  readonly unknown: string;
  /** Stored as the node's `last_error` if a job runs; its two `%s` stand for the method and the message. */
  readonly lastError: string;
  /** See `nowAtMost`. */
  readonly latestDatabaseTime: number;
}

const BREAK = {
  name: 'break-lock',
  text: `
    with seen as materialized (
      select node_id, token, holder, purpose, caller, job_id from reservations
      where node_id = $1 and ${isHeld('reservations', nowAtMost('$6'))} and ($8::bigint is null or fence = $8)),
    job as materialized (
      select jobs.id, jobs.state, jobs.method from jobs join seen on jobs.id = seen.job_id
      where jobs.state in ('queued', 'running') for update of jobs),
    owned as materialized (
      select held.node_id, held.token from reservations held join seen on held.node_id = seen.node_id and held.token = seen.token
      where (select count(*) from job) >= 0 for update of held),
    ended as (
      update jobs
      set state = case job.state when 'queued' then 'cancelled' else 'outcome-unknown' end, args = '{}', finished_at = now(),
          error = json_build_object('code', 'LockBroken',
            'message', case job.state when 'queued' then $3::text else $4::text end)
      from job where jobs.id = job.id and exists (select from owned)
      returning jobs.*, 'LockBroken' as error_code),
    broken as (
      update reservations held set ${FREE_LOCK}, fence = held.fence + 1, broken_token = owned.token, broken_by = $2
      from owned where held.node_id = owned.node_id
      returning held.node_id, held.fence),
    noted as (
      update nodes
      set last_error = format($5::text, job.method, $4::text), last_error_by_passthru = true, updated_at = now()
      from job where nodes.id = $1 and job.state = 'running' and exists (select from broken)
      returning nodes.id),
    ${auditedEnds('ended', '$7::boolean', 'noted')}
    select holder, purpose, seen.caller, token, fence, ended.id as "jobId", ended.state as "jobState"
    from seen join broken using (node_id) left join ended on true
    where (select count(*) from audited) >= 0`,
};

/**
 * Frees the lock of a node, whoever holds it, with a higher fence; nothing that has its token changes anything later. The
 * job that holds it ends with it: a queued one as cancelled, and is never adopted; a running one with an unknown outcome,
 * which its node gets as `last_error`. The audit gets the end of the job. The process that runs the job or the call behind
 * the lock looks for this. A lock of a process whose lease has ended is free already.
 *
 * The job is locked first, then the reservation, then the node, and last the chain of the audit. The commit must wait
 * for the disk, so that a crash of PostgreSQL does not give the lock back.
 *
 * @returns undefined if the node is not locked, or by another lock than the asked one; nothing was changed.
 */
export async function breakLock(
  statements: Statements,
  { nodeId, fence, by, cancelled, unknown, lastError, latestDatabaseTime }: Breaking,
  { audit }: AuditChoice,
): Promise<BrokenLock | undefined> {
  const values = [nodeId, by, cancelled, unknown, lastError, latestDatabaseTime, audit, fence];
  const [row] = await statements.query<BrokenLock & Record<string, unknown>>(BREAK, values);
  return row;
}
