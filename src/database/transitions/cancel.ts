import { type Statements } from '../database.js';
import { FREE_LOCK } from '../free-lock.js';
import { type AuditChoice } from './audited.js';
import { auditedEnds } from './audited-ends.js';

/** `asked`: the job runs, and its conductor is to stop it. `ended`: it had ended in that state, and was not changed. */
export type Cancellation =
  | { readonly outcome: 'cancelled' | 'asked' | 'gone' }
  | { readonly outcome: 'ended'; readonly state: string };

const CANCEL = {
  name: 'cancel-job',
  text: `
    with found as materialized (
      select id, state, cancel_requested_at, cancel_requested_by from jobs where id = $1 for update),
    cancelled as (
      update jobs
      set state = 'cancelled', args = '{}', finished_at = now(),
          error = json_build_object('code', 'JobCancelled', 'message', $3::text),
          cancel_requested_at = coalesce(found.cancel_requested_at, now()),
          cancel_requested_by = case when found.cancel_requested_at is null then $2::text else found.cancel_requested_by end
      from found where jobs.id = found.id and found.state = 'queued'
      returning jobs.*, 'JobCancelled' as error_code),
    asked as (
      update jobs set cancel_requested_at = now(), cancel_requested_by = $2::text
      from found where jobs.id = found.id and found.state = 'running' and found.cancel_requested_at is null),
    owned as materialized (
      select held.node_id
      from cancelled join reservations held
        on held.node_id = cancelled.node_id and held.token = cancelled.reservation_token
      for update of held),
    freed as (
      update reservations held set ${FREE_LOCK}
      from owned where held.node_id = owned.node_id
      returning held.node_id),
    ${auditedEnds('cancelled', '$4::boolean', 'freed')}
    select state from found where (select count(*) from audited) >= 0`,
};

/**
 * Ends a queued job and frees its lock, or writes into a running one that it is to be stopped, which its conductor looks
 * for. The two exclude each other: a job that this has ended is never adopted. Whoever asked first stays the one who asked.
 * A queued job was never called, so its node's `last_error` stays. The audit gets the end.
 *
 * The job is locked first, then its reservation, and last the chain of the audit. The commit must wait for the disk, so
 * that a crash of PostgreSQL does not queue the job again.
 *
 * @param by name of the caller.
 * @param message stored as the error of a job that was queued.
 */
export async function cancel(
  statements: Statements,
  { id, by, message }: { readonly id: string; readonly by: string | null; readonly message: string },
  { audit }: AuditChoice,
): Promise<Cancellation> {
  const [row] = await statements.query<{ state: string }>(CANCEL, [id, by, message, audit]);
  if (!row) return { outcome: 'gone' };
  if (row.state === 'queued') return { outcome: 'cancelled' };
  return row.state === 'running' ? { outcome: 'asked' } : { outcome: 'ended', state: row.state };
}
