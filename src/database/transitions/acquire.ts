import { type Statements } from '../database.js';
import { isAlive, nowAtMost } from '../is-alive.js';
import { isFirst } from '../is-first.js';
import { isHeld } from '../is-held.js';
import { audited, type AuditRow } from './audited.js';

export interface ClaimRow {
  readonly node_id: string;
  readonly token: string;
  readonly purpose: string;
  readonly caller: string | null;
  /** In the line of the node; undefined outside it. */
  readonly place?: string | undefined;
  /** Of the beginning of the change for which the lock is taken. */
  readonly record?: AuditRow | undefined;
}

export interface Acquirer {
  /** Its lease. */
  readonly id: string;
  readonly hostname: string;
  /** Latest time that the database's clock can show if it was not set forward, in milliseconds since 1970. */
  readonly latestDatabaseTime: number;
}

/** `busy`: the lock is held. `unsure`: the lease of this process has ended. */
export type Acquisition =
  | { readonly state: 'taken'; readonly fence: string; readonly nodeUpdatedAt: string | null }
  | { readonly state: 'busy' | 'unsure' };

const ACQUIRE = {
  name: 'reservation-acquire',
  isHealed: true,
  text: `
    with asked as (
      select * from unnest($1::bigint[], $2::uuid[], $3::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[])
        with ordinality as asked (node_id, token, purpose, caller, text, action, node, place, index)),
    taken as (
      insert into reservations as held (node_id, token, fence, holder, purpose, caller, since, conductor_id)
      select node_id, token, 1, $4, purpose, caller, now(), $5::uuid from asked
      where ${isAlive('$5::uuid')} and ${isFirst('asked.node_id', 'asked.place')}
      order by node_id
      on conflict (node_id) do update
        set token = excluded.token, fence = held.fence + 1, holder = excluded.holder,
            purpose = excluded.purpose, caller = excluded.caller, since = excluded.since, conductor_id = excluded.conductor_id,
            job_id = null
        where not ${isHeld('held', nowAtMost('$6'))}
      returning node_id, fence, node_updated_at(node_id) as node_updated_at),
    ${audited('from taken join asked using (node_id) where text is not null', 'index')}
    select index::int - 1 as index, fence, node_updated_at,
           ${isAlive('$5::uuid')} as is_alive
    from asked left join taken using (node_id)
    where (select count(*) from audited) >= 0`,
};

interface AcquiredRow {
  readonly index: number;
  readonly fence: string | null;
  readonly node_updated_at: string | null;
  readonly is_alive: boolean;
}

/**
 * Takes the locks of nodes for calls of a live process: those that are free, or of a process whose lease has ended;
 * never one of a job, and none for which others wait that came before. Each taken lock has a higher fence than all before
 * it, and is taken together with its record or not at all.
 *
 * Reservations are locked in the order of their nodes, and last the chain of the audit. The commit must wait for the disk,
 * so that a crash of PostgreSQL does not hand out a lock and its fence again. Two claims in one call must not be on the
 * same node.
 *
 * @returns the outcome of each claim, in the same order.
 */
export async function acquire(
  statements: Statements,
  claims: readonly ClaimRow[],
  { id, hostname, latestDatabaseTime }: Acquirer,
): Promise<Acquisition[]> {
  const rows = await statements.query<AcquiredRow>(ACQUIRE, [
    claims.map(({ node_id }) => node_id),
    claims.map(({ token }) => token),
    claims.map(({ purpose }) => purpose),
    hostname,
    id,
    latestDatabaseTime,
    claims.map(({ caller }) => caller),
    claims.map(({ record }) => record?.text),
    claims.map(({ record }) => record?.action),
    claims.map(({ record }) => record?.node),
    claims.map(({ place }) => place),
  ]);
  const outcomes = claims.map((): Acquisition => ({ state: 'busy' }));
  for (const row of rows) outcomes[row.index] = acquisitionOf(row);
  return outcomes;
}

function acquisitionOf({ fence, node_updated_at, is_alive: isAlive }: AcquiredRow): Acquisition {
  if (fence !== null) return { state: 'taken', fence, nodeUpdatedAt: node_updated_at };
  return { state: isAlive ? 'busy' : 'unsure' };
}
