import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql, type SqlBool } from 'kysely';
import { type Ownership } from '../auth/policy/defaults/personas.js';
import { Database } from '../database/database.js';
import { type OpenFleetCall } from './fleet-call.js';
import { type FleetNode, type FleetNodeError, type FleetNodeState } from './fleet-node.js';

export interface StoredFleetNode extends FleetNode {
  readonly hasJob: boolean;
  readonly state: FleetNodeState;
  readonly error: FleetNodeError | null;
  /** As it is now; null if it was deleted. */
  readonly now: {
    readonly driver: string;
    readonly vendorInterface: string;
    readonly ownership: Ownership;
  } | null;
}

export interface FleetNodesQuery {
  readonly states?: readonly FleetNodeState[] | undefined;
  /** UUID of the node before. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** Holds for those that the caller may see, with their row of `nodes`; undefined if that is all. */
  readonly visible: RawBuilder<SqlBool> | undefined;
}

/** How far a fleet call is. */
export interface FleetProgress {
  /** Nodes that ended otherwise than in success. */
  readonly failed: number;
  readonly failedCanary: number;
  readonly succeededCanary: number;
  /** Ids of jobs that have not ended. */
  readonly started: readonly string[];
}

export interface NodeOfJob {
  readonly jobId: string;
  readonly position: number;
  readonly state: FleetNodeState;
}

const EXISTS = {
  name: 'fleet-node-exists',
  text: 'select from fleet_call_nodes where fleet_call = $1 and node_uuid = $2',
};

const PROGRESS = {
  name: 'fleet-node-progress',
  text: `
    select count(*) filter (where failed)::int as failed,
           count(*) filter (where failed and position < $2)::int as "failedCanary",
           count(*) filter (where state = 'succeeded' and position < $2)::int as "succeededCanary",
           array(select job_id from fleet_call_nodes where fleet_call = $1 and state = 'started' and state in ('waiting', 'started')) as started
    from (select position, state, state not in ('waiting', 'started', 'succeeded', 'skipped') as failed
          from fleet_call_nodes where fleet_call = $1) node`,
};

const WAITING = {
  name: 'fleet-node-waiting',
  text: `
    select position, node_uuid as "nodeUuid", job_id as "jobId" from fleet_call_nodes
    where fleet_call = $1 and position > $2 and state = 'waiting' and state in ('waiting', 'started')
    order by position limit $3`,
};

const STATES = {
  name: 'fleet-node-states',
  text: 'select job_id as "jobId", position, state from fleet_call_nodes where job_id = any ($1::uuid[])',
};

const REFUSE = {
  name: 'fleet-node-refuse',
  text: `update fleet_call_nodes set state = 'refused', error = $2 where job_id = $1 and state = 'waiting'`,
};

const SKIP = {
  name: 'fleet-node-skip',
  text: `
    update fleet_call_nodes set state = 'skipped'
    where fleet_call = $1 and state = 'waiting' and state in ('waiting', 'started') and position <= (
      select max(position) from (
        select position from fleet_call_nodes
        where fleet_call = $1 and state = 'waiting' and state in ('waiting', 'started')
        order by position limit $2) first)
    returning position`,
};

/** The nodes of fleet calls. */
@Injectable()
export class FleetNodeRepository {
  constructor(private readonly database: Database) {}

  /** In their order. */
  async list(id: string, { states, after, limit, visible }: FleetNodesQuery): Promise<StoredFleetNode[]> {
    const { rows } = await sql<StoredFleetNode>`
      select position, node_uuid as "nodeUuid", job_id as "jobId", has_job as "hasJob", state, error,
             case when nodes.id is not null then json_build_object(
               'driver', driver, 'vendorInterface', coalesce(instance_info ->> 'vendor_interface', vendor_interface),
               'ownership', json_build_object('owner', owner, 'lessee', lessee)) end as now
      from fleet_call_nodes asked left join nodes on nodes.uuid = asked.node_uuid
      where fleet_call = ${id} and (${states ?? null}::text[] is null or state = any (${states ?? null}::text[]))
        and position > coalesce((select position from fleet_call_nodes where fleet_call = ${id} and node_uuid = ${after ?? null}::uuid), -1)
        and ${visible ?? sql`true`}
      order by position limit ${limit}`.execute(this.database.kysely);
    return rows;
  }

  async exists(id: string, nodeUuid: string): Promise<boolean> {
    return (await this.database.query(EXISTS, [id, nodeUuid])).length > 0;
  }

  async progress({ id, canary }: Pick<OpenFleetCall, 'id' | 'canary'>): Promise<FleetProgress> {
    const [row] = await this.database.hot.query<FleetProgress & Record<string, unknown>>(PROGRESS, [
      id,
      canary,
    ]);
    if (!row) throw new Error('An aggregate has no row.');
    return row;
  }

  /** In their order. @param after the position before. */
  waiting(id: string, after: number, limit: number): Promise<FleetNode[]> {
    return this.database.hot.query<FleetNode & Record<string, unknown>>(WAITING, [id, after, limit]);
  }

  states(jobIds: readonly string[]): Promise<NodeOfJob[]> {
    return this.database.hot.query<NodeOfJob & Record<string, unknown>>(STATES, [jobIds]);
  }

  /** Nothing, if it does not wait any more. */
  async refuse({ jobId }: FleetNode, error: FleetNodeError): Promise<void> {
    await this.database.hot.query(REFUSE, [jobId, JSON.stringify(error)]);
  }

  /** Of a fleet call whose jobs do not begin any more. @returns how many, at most `limit`. */
  async skip(id: string, limit: number): Promise<number> {
    return (await this.database.hot.query(SKIP, [id, limit])).length;
  }
}
