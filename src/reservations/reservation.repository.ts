import { Injectable } from '@nestjs/common';
import { Conductor } from '../conductors/conductor.js';
import { type Life } from '../conductors/life.js';
import { Coalescer } from '../database/coalescer.js';
import { Database } from '../database/database.js';
import { FOREIGN_KEY_VIOLATION, sqlStateOf } from '../database/faults/error-code.js';
import { isAlive } from '../database/is-alive.js';
import { type Stop } from '../waiting/stop.js';
import { type Holder } from './errors.js';
import { type Lockable } from './reservation.js';

// All statements lock rows in the order of their nodes, so that concurrent ones cannot deadlock.

/** Takes locks that are free or of a dead conductor, never one of a job, and none if this conductor is itself dead. */
const ACQUIRE = {
  name: 'reservation-acquire',
  isHealed: true,
  text: `
    with asked as (
      select * from unnest($1::bigint[], $2::uuid[], $3::text[])
        with ordinality as asked (node_id, token, purpose, number)),
    taken as (
      insert into reservations as held (node_id, token, fence, holder, purpose, since, conductor_id)
      select node_id, token, 1, $4, purpose, now(), $5::uuid from asked
      where ${isAlive('$5::uuid')}
      order by node_id
      on conflict (node_id) do update
        set token = excluded.token, fence = held.fence + 1, holder = excluded.holder,
            purpose = excluded.purpose, since = excluded.since, conductor_id = excluded.conductor_id,
            job_id = null
        where held.token is null or (held.job_id is null and not ${isAlive('held.conductor_id')})
      returning node_id, fence, node_updated_at(node_id) as node_updated_at)
    select number::int - 1 as place, fence, node_updated_at, ${isAlive('$5::uuid')} as is_alive
    from asked left join taken using (node_id)`,
};

const RELEASE = {
  name: 'reservation-release',
  isHealed: true,
  text: `
    with ended as (
      select held.node_id
      from reservations held join unnest($1::bigint[], $2::uuid[]) as asked (node_id, token)
        on held.node_id = asked.node_id and held.token = asked.token
      order by held.node_id for update of held)
    update reservations held
    set token = null, holder = null, purpose = null, since = null, conductor_id = null, job_id = null
    from ended where held.node_id = ended.node_id`,
};

/**
 * Locks of this process with unknown tokens: the answer to their acquisition was lost. Not those taken since an earlier
 * check, which may become known before this statement runs.
 */
const FREE_ORPHANS = {
  name: 'reservation-free-orphans',
  isHealed: true,
  text: `
    with orphans as (
      select node_id from reservations
      where conductor_id = $1 and job_id is null and token <> all ($2::uuid[]) and since < $3::timestamptz
      order by node_id for update),
    freed as (
      update reservations held
      set token = null, holder = null, purpose = null, since = null, conductor_id = null
      from orphans where held.node_id = orphans.node_id
      returning held.node_id)
    select now() as looked_at, (select count(*)::int from freed) as freed`,
};

const HOLDER = {
  name: 'reservation-holder',
  text: `
    select holder, purpose, since, held.job_id as "jobId",
           greatest(1, coalesce(ceil(extract(epoch from conductors.expires_at - now())), 1))::int as "leaseSeconds"
    from reservations held
    left join jobs on jobs.id = held.job_id
    left join conductors on conductors.id = coalesce(held.conductor_id, jobs.conductor_id)
    where held.node_id = $1 and held.token is not null`,
};

interface Claim {
  readonly node: Lockable;
  readonly token: string;
  readonly purpose: string;
}

/** `unsure`: the database considers this process dead. */
export type Acquisition =
  | {
      readonly state: 'taken';
      readonly fence: string;
      readonly nodeUpdatedAt: string | null;
      readonly life: Life;
    }
  | { readonly state: 'busy' | 'gone' | 'unsure' };

interface AcquiredRow {
  readonly place: number;
  readonly fence: string | null;
  readonly node_updated_at: string | null;
  readonly is_alive: boolean;
}

export interface Hold {
  readonly nodeId: string;
  readonly token: string;
}

@Injectable()
export class ReservationRepository {
  private readonly acquisitions: Coalescer<Claim, Acquisition>;
  private readonly releases: Coalescer<Hold, undefined>;

  constructor(
    private readonly database: Database,
    private readonly conductor: Conductor,
  ) {
    this.acquisitions = new Coalescer({
      work: (claims) => this.acquireAll(claims),
      keyOf: ({ node }) => node.id,
      aloneAfter: isNodeGone,
    });
    this.releases = new Coalescer({ work: (holds) => this.releaseAll(holds) });
  }

  /** @param stop ends the waiting for a batch. */
  async acquire(claim: Claim, stop?: Stop): Promise<Acquisition> {
    try {
      return await this.acquisitions.run(claim, stop);
    } catch (error) {
      if (isNodeGone(error)) return { state: 'gone' };
      throw error;
    }
  }

  async release(hold: Hold): Promise<void> {
    await this.releases.run(hold);
  }

  /** @param known tokens that have an owner. @param before time of the earlier check, by the database's clock. */
  async freeOrphans(
    life: { readonly id: string },
    known: readonly string[],
    before: string,
  ): Promise<{ lookedAt: string; freed: number }> {
    const [row] = await this.database.hot.query<{ looked_at: string; freed: number }>(FREE_ORPHANS, [
      life.id,
      known,
      before,
    ]);
    return { lookedAt: row?.looked_at ?? before, freed: row?.freed ?? 0 };
  }

  async holder(node: Lockable): Promise<Holder | undefined> {
    const [row] = await this.database.hot.query<Holder>(HOLDER, [node.id]);
    return row;
  }

  private async acquireAll(claims: readonly Claim[]): Promise<Acquisition[]> {
    const { life } = this.conductor;
    const rows = await this.database.hot.query<AcquiredRow>(ACQUIRE, [
      claims.map(({ node }) => node.id),
      claims.map(({ token }) => token),
      claims.map(({ purpose }) => purpose),
      this.conductor.hostname,
      life.id,
    ]);
    const outcomes = claims.map((): Acquisition => ({ state: 'busy' }));
    for (const row of rows) outcomes[row.place] = acquisitionOf(row, life);
    return outcomes;
  }

  private async releaseAll(holds: readonly Hold[]): Promise<undefined[]> {
    await this.database.relaxed.query(RELEASE, [
      holds.map(({ nodeId }) => nodeId),
      holds.map(({ token }) => token),
    ]);
    return holds.map(() => undefined);
  }
}

function acquisitionOf(
  { fence, node_updated_at: nodeUpdatedAt, is_alive: isSure }: AcquiredRow,
  life: Life,
): Acquisition {
  if (fence !== null) return { state: 'taken', fence, nodeUpdatedAt, life };
  return { state: isSure ? 'busy' : 'unsure' };
}

function isNodeGone(error: unknown): boolean {
  return sqlStateOf(error) === FOREIGN_KEY_VIOLATION;
}
