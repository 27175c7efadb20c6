import { type Caller } from '@ferrule/driver-kit';
import { type Statements } from '../database.js';
import { nowAtMost } from '../is-alive.js';
import { isFirst } from '../is-first.js';
import { isHeld } from '../is-held.js';
import { type Acquirer } from './acquire.js';
import { audited, type AuditRow } from './audited.js';

export interface NewJobRow {
  readonly id: string;
  readonly driver: string;
  /** Whose conductors may run it; undefined for those without a group. */
  readonly conductor_group?: string;
  /** Of the interface; undefined for `vendor`. */
  readonly kind?: string;
  readonly vendor_interface: string;
  readonly method: string;
  readonly http_method: string;
  readonly request_id: string;
  readonly caller: Caller;
  /** See `jobs.trace`. */
  readonly trace?: string | null;
  /** A text if they are encrypted. */
  readonly args: Record<string, unknown> | string;
  /** See `jobs.shown_args`. */
  readonly shown_args?: unknown;
  /** Null for a driver-level call. */
  readonly node_id: string | null;
  readonly node_uuid: string | null;
  /** `nodes.updated_at` as the call read it. */
  readonly node_updated_at: string | null;
  /** Null when it needs no exclusive lock. */
  readonly token: string | null;
  /** Id of its fleet call. */
  readonly fleet_call?: string | undefined;
  /** In the line of the node; undefined outside it. */
  readonly place?: string | undefined;
  /** Of the beginning of the call, about its node and caller. */
  readonly record?: Pick<AuditRow, 'text' | 'action'> | undefined;
}

/**
 * `changed`: since the call was checked. `gone`: the node was deleted. `taken`: there is a job of that id, or its fleet
 * call does not begin it. Nothing was written unless `accepted`.
 */
export type Acceptance = 'accepted' | 'busy' | 'changed' | 'gone' | 'taken';

/*
 * updated_at is compared in the snapshot, to report what happened, and under the row lock of the reservation, because
 * the previous holder may have changed the node while this statement waited.
 */
const ACCEPT = {
  name: 'accept-jobs',
  text: `
    with asked as materialized (
      select asked.*, node.id is not null as is_there,
             node.updated_at is not distinct from asked.node_updated_at as is_same
      from json_to_recordset($1) as asked (
             id uuid, driver text, kind text, vendor_interface text, method text, http_method text, request_id text,
             caller json, trace text, args json, shown_args json, node_id bigint, node_uuid uuid, node_updated_at timestamptz, token uuid,
             text text, action text, place bigint, conductor_group text, fleet_call uuid)
      left join lateral (
        select nodes.id, nodes.updated_at from nodes where nodes.id = asked.node_id offset 0) node on true),
    wanted as materialized (
      select * from asked where node_id is null or (is_there and is_same)),
    locked as (
      insert into reservations as held (node_id, token, fence, holder, purpose, caller, since, job_id)
      select node_id, token, 1, $2, 'job:' || id, caller ->> 'name', now(), id from wanted
      where token is not null and ${isFirst('wanted.node_id', 'wanted.place')} order by node_id
      on conflict (node_id) do update
        set token = excluded.token, fence = held.fence + 1, holder = excluded.holder, purpose = excluded.purpose,
            caller = excluded.caller, since = excluded.since, job_id = excluded.job_id, conductor_id = null
        where not ${isHeld('held', nowAtMost('$3'))}
          and node_updated_at(held.node_id) is not distinct from (
                select wanted.node_updated_at from wanted where wanted.id = excluded.job_id)
      returning job_id, fence),
    chosen as materialized (
      select wanted.*, locked.fence from wanted left join locked on locked.job_id = wanted.id
      where token is null or locked.job_id is not null),
    written as (
      insert into jobs (id, state, driver, kind, vendor_interface, method, http_method, node_id, node_uuid, args,
                        shown_args, request_id, caller, trace, reservation_token, lock_fence, conductor_group, fleet_call)
      select id, 'queued', driver, coalesce(kind, 'vendor'), vendor_interface, method, http_method, node_id, node_uuid, args,
             shown_args, request_id, caller, trace, token, fence, coalesce(conductor_group, ''), fleet_call
      from chosen
      returning id),
    ${audited(
      `from (select id, text, action, node_uuid::text as node, caller ->> 'name' as caller from chosen) as begun
       where text is not null and (select count(*) from written) >= 0`,
      'id',
    )}
    select asked.id,
           case when written.id is not null then 'accepted'
                when not is_there then 'gone'
                when not is_same then 'changed'
                -- By an acceptance whose answer was lost.
                when exists (select from jobs where jobs.id = asked.id) then 'taken'
                else 'busy' end as acceptance
    from asked left join written on written.id = asked.id
    where (select count(*) from audited) >= 0`,
};

/**
 * Inserts jobs and takes the exclusive locks that they need, in their own names: a job, its lock and the record of its
 * beginning are written together or not at all. A lock is taken if it is free or of a process whose lease has ended;
 * never from another job, and not while others wait for it that came before.
 *
 * Two jobs in one call must not need the lock of the same node. Reservations are locked in the order of their nodes, and
 * last the chain of the audit.
 *
 * @returns the outcome of each job, in the order of the rows.
 */
export async function accept(
  statements: Statements,
  jobs: readonly NewJobRow[],
  { hostname, latestDatabaseTime }: Omit<Acquirer, 'id'>,
): Promise<Acceptance[]> {
  const rows = await statements.query<{ id: string; acceptance: Acceptance }>(ACCEPT, [
    JSON.stringify(
      jobs.map(({ record, ...job }) => ({ ...job, text: record?.text, action: record?.action })),
    ),
    hostname,
    latestDatabaseTime,
  ]);
  const found = new Map(rows.map(({ id, acceptance }) => [id, acceptance]));
  return jobs.map(({ id }) => found.get(id) ?? 'gone');
}
