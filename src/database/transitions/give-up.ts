import { type Statements } from '../database.js';
import { FREE_LOCK } from '../free-lock.js';
import { type AuditChoice } from './audited.js';
import { auditedEnds } from './audited-ends.js';
import { isAlive, nowAtMost } from '../is-alive.js';

const GIVE_UP = {
  name: 'give-up-jobs',
  text: `
    with lost as materialized (
      select id, method, node_id, reservation_token from jobs
      where state = 'running' and not ${isAlive('jobs.conductor_id', nowAtMost('$3'))}
      order by seq limit $2 for update skip locked),
    ended as (
      update jobs
      set state = 'outcome-unknown', args = '{}', finished_at = now(),
          error = json_build_object('code', 'ConductorLost', 'message', $1::text)
      from lost where jobs.id = lost.id
      returning jobs.*, 'ConductorLost' as error_code),
    owned as materialized (
      select held.node_id
      from lost join reservations held on held.node_id = lost.node_id and held.token = lost.reservation_token
      order by held.node_id for update of held),
    broken as (
      update reservations held
      set ${FREE_LOCK}, fence = held.fence + 1
      from owned where held.node_id = owned.node_id),
    touched as materialized (
      select nodes.id, affected.method
      from (select node_id, max(method) as method from lost group by node_id) affected
        join nodes on nodes.id = affected.node_id
      where (select count(*) from owned) >= 0
      order by nodes.id for no key update of nodes),
    noted as (
      update nodes
      set last_error = format($4::text, touched.method, $1::text),
          last_error_by_passthru = true, updated_at = now()
      from touched where nodes.id = touched.id
      returning nodes.id),
    ${auditedEnds('ended', '$5::boolean', 'noted')}
    select id from lost where (select count(*) from audited) >= 0`,
};

/**
 * Ends running jobs of dead conductors with an unknown outcome and breaks their locks with a higher fence. An expired
 * lease is never renewed, so no other transition can record these jobs later. Rows are locked in the order of `finish`, and
 * the audit gets the ends.
 *
 * @param message stored as the job's error.
 * @param lastError stored as the node's `last_error`; its two `%s` stand for the method and the message.
 * @param limit most jobs in one statement; rows that another process has locked are skipped.
 * @param latestDatabaseTime see `nowAtMost`.
 * @returns the ids of the jobs.
 */
export async function giveUp(
  statements: Statements,
  { message, lastError }: { readonly message: string; readonly lastError: string },
  limit: number,
  latestDatabaseTime: number,
  { audit }: AuditChoice,
): Promise<string[]> {
  const rows = await statements.query<{ id: string }>(GIVE_UP, [
    message,
    limit,
    latestDatabaseTime,
    lastError,
    audit,
  ]);
  return rows.map(({ id }) => id);
}
