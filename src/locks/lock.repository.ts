import { Inject, Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { Conductor } from '../conductors/conductor.js';
import { Database } from '../database/database.js';
import { isAlive, nowAtMost } from '../database/is-alive.js';
import { isHeld } from '../database/is-held.js';
import { type LockView } from './lock.view.js';

export interface LockFilter {
  /** Id of the only node; undefined for all. */
  readonly nodeId: string | undefined;
  /** UUID of the last node of the page before. */
  readonly marker: string | undefined;
  readonly limit: number;
  /** SQL about `nodes`; undefined if the caller may see all. */
  readonly visible: RawBuilder<SqlBool> | undefined;
}

const WAITING = `(
  select count(*)::int from lock_waiters waiting
  where waiting.node_id = held.node_id and waiting.until > now() and ${isAlive('waiting.conductor_id')})`;

/** Locks that nobody else may take. */
@Injectable()
export class LockRepository {
  constructor(
    private readonly database: Database,
    @Inject(Conductor) private readonly conductor: Pick<Conductor, 'latestDatabaseTime'>,
  ) {}

  /** In the order of the creation of their nodes. */
  async list({ nodeId, marker, limit, visible = sql`true` }: LockFilter): Promise<LockView[]> {
    const isLocked = isHeld('held', nowAtMost(this.conductor.latestDatabaseTime));
    const asked = nodeId === undefined ? sql`true` : sql`nodes.id = ${nodeId}`;
    const after =
      marker === undefined ? sql`true` : sql`nodes.id > (select id from nodes where uuid = ${marker})`;
    const { rows } = await sql<LockView>`
      select nodes.uuid as node, nodes.name, nodes.driver, held.holder, held.caller, held.purpose, held.since,
             conductors.expires_at as until, held.job_id as job, held.fence::float8 as fence, ${sql.raw(WAITING)} as waiting
      from reservations held join nodes on nodes.id = held.node_id
        left join jobs on jobs.id = held.job_id
        left join conductors on conductors.id = coalesce(held.conductor_id, jobs.conductor_id)
      where ${sql.raw(isLocked)}
        and ${asked} and ${visible} and ${after}
      order by nodes.id limit ${limit}`.execute(this.database.kysely);
    return rows;
  }
}
