import { Injectable } from '@nestjs/common';
import { Coalescer } from '../database/coalescer.js';
import { Database } from '../database/database.js';
import { FOREIGN_KEY_VIOLATION, sqlStateOf } from '../database/faults/error-code.js';
import { FREE_LOCK } from '../database/free-lock.js';
import { isLockFree, type LockDetails, lockDetails } from '../database/reads/lock-details.js';
import { acquire, type Acquisition as Acquired } from '../database/transitions/acquire.js';
import { type Stop } from '../waiting/stop.js';
import { type Life, LockHolder } from './lock-holder.js';
import { type Lockable, type LockUse } from './reservation.js';

// All statements lock rows in the order of their nodes, so that concurrent ones cannot deadlock.

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
    set ${FREE_LOCK}
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
      set ${FREE_LOCK}
      from orphans where held.node_id = orphans.node_id
      returning held.node_id)
    select now() as looked_at, (select count(*)::int from freed) as freed`,
};

interface Claim extends LockUse {
  readonly node: Lockable;
  readonly token: string;
  /** In the line of the node; undefined outside it. */
  readonly place?: string | undefined;
}

export type Acquisition =
  | (Extract<Acquired, { state: 'taken' }> & { readonly life: Life })
  | Exclude<Acquired, { state: 'taken' }>
  | { readonly state: 'gone' };

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
    private readonly self: LockHolder,
  ) {
    this.acquisitions = new Coalescer({
      work: (claims) => this.acquireAll(claims),
      keyOf: ({ node }) => node.id,
      aloneAfter: isNodeGone,
    });
    this.releases = new Coalescer({ work: (holds) => this.releaseAll(holds) });
  }

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

  async holder(node: Lockable): Promise<LockDetails | undefined> {
    return lockDetails(this.database.hot, node.id, this.self.latestDatabaseTime);
  }

  async isFree(node: Lockable): Promise<boolean> {
    return isLockFree(this.database.hot, node.id, this.self.latestDatabaseTime);
  }

  private async acquireAll(claims: readonly Claim[]): Promise<Acquisition[]> {
    const { life, hostname, latestDatabaseTime } = this.self;
    const rows = claims.map(({ node, token, place, purpose, caller, record }) => ({
      node_id: node.id,
      token,
      place,
      purpose,
      caller,
      record,
    }));
    const outcomes = await acquire(this.database.hot, rows, { id: life.id, hostname, latestDatabaseTime });
    return outcomes.map((outcome) => (outcome.state === 'taken' ? { ...outcome, life } : outcome));
  }

  private async releaseAll(holds: readonly Hold[]): Promise<undefined[]> {
    await this.database.relaxed.query(RELEASE, [
      holds.map(({ nodeId }) => nodeId),
      holds.map(({ token }) => token),
    ]);
    return holds.map(() => undefined);
  }
}

function isNodeGone(error: unknown): boolean {
  return sqlStateOf(error) === FOREIGN_KEY_VIOLATION;
}
