import type pg from 'pg';
import { FREE_LOCK } from '../free-lock.js';
import { type AuditChoice } from './audited.js';
import { auditedEnds } from './audited-ends.js';

export interface RestoreOptions extends AuditChoice {
  /** Whether jobs that were queued stay so. Only right if the machine of the backup begins no job after it. */
  readonly keepQueued: boolean;
  /** Stored as the error of each ended job. */
  readonly message: string;
  /** Stored as the node's `last_error`; its two `%s` stand for the method and the message. */
  readonly lastError: string;
}

/** More than a node's lock is taken in its life, so that no fence that was given after the backup is given again. */
const FENCE_STEP = 1_000_000_000;

const END_JOBS = `
  with ended as (
    update jobs
    set state = 'outcome-unknown', args = '{}', finished_at = now(),
        error = json_build_object('code', 'RestoredFromBackup', 'message', $2::text)
    where state = 'running' or (state = 'queued' and not $1::boolean)
    returning jobs.*, 'RestoredFromBackup' as error_code),
  noted as (
    update nodes
    set last_error = format($3::text, method, $2::text), last_error_by_passthru = true, updated_at = now()
    from (select node_id, max(method) as method from ended group by node_id) affected
    where nodes.id = affected.node_id
    returning nodes.id),
  ${auditedEnds('ended', '$4::boolean', 'noted')}
  select count(*)::int as count from ended where (select count(*) from audited) >= 0`;

const FREE_LOCKS = `
  update reservations set ${FREE_LOCK}
  where job_id is null or job_id not in (select id from jobs where state = 'queued')`;

const RAISE_FENCES = `
  insert into reservations as held (node_id, fence) select id, ${FENCE_STEP} from nodes
  on conflict (node_id) do update set fence = held.fence + excluded.fence`;

/** Their calls may have been run after the backup was made. */
const END_CALLS = `
  update idempotency_keys set state = 'unknown' where state = 'running' and not exists (select from jobs where jobs.id = idempotency_keys.job_id)`;

/** Their other calls may have been made after the backup was. */
const END_FLEET_CALLS = `
  with ended as (
    update fleet_calls
    set state = 'stopped', reason = $1::text, args = '{}', ended_at = now(), conductor_id = null
    where ended_at is null
    returning id)
  update fleet_call_nodes set state = 'skipped'
  where state = 'waiting' and fleet_call in (select id from ended)`;

/** Its transactions were those of another server, or of another time. */
const BEGIN_HISTORY = 'update jobs set change = pg_current_xact_id()';

/**
 * After a backup was restored, before a process uses the database: ends what the processes of the machine of the backup
 * held and ran. Their locks are free, with higher fences than they had or may have got since; running jobs end with an
 * unknown outcome, and so do queued ones, which may have run after the backup was made. Clients that follow jobs are told
 * to read them again.
 * @returns how many jobs were ended.
 */
export async function settleRestored(
  client: Pick<pg.ClientBase, 'query'>,
  { keepQueued, message, lastError, audit }: RestoreOptions,
): Promise<number> {
  const values = [keepQueued, message, lastError, audit];
  const { rows } = await client.query<{ count: number }>(END_JOBS, values);
  await client.query(FREE_LOCKS);
  await client.query(RAISE_FENCES);
  await client.query(END_CALLS);
  await client.query(END_FLEET_CALLS, [message]);
  await client.query(BEGIN_HISTORY);
  await client.query('delete from job_history');
  await client.query('update periodic_runs set conductor_id = null');
  await client.query('delete from conductors');
  return rows[0]?.count ?? 0;
}
