import { type HttpMethod } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type RequestIdentity } from '../auth/request-identity.js';
import { Database } from '../database/database.js';
import { sqlStateOf, UNIQUE_VIOLATION } from '../database/faults/error-code.js';
import {
  type Child,
  type ChildError,
  type ChildState,
  FleetCallIdTaken,
  type FleetCallState,
  type FleetMethod,
  type FleetRules,
  type StopAfter,
} from './fleet-call.js';

export interface NewFleetCall extends Pick<FleetMethod, 'method' | 'httpMethod'>, FleetRules {
  readonly id: string;
  /** A text if they are encrypted. */
  readonly args: Record<string, unknown> | string;
  readonly filter: Record<string, unknown> | undefined;
  readonly nodeUuids: readonly string[];
  readonly identity: RequestIdentity;
  /** The lease of the process that drives it. */
  readonly conductorId: string;
}

export interface StoredFleetCall extends Pick<FleetMethod, 'method' | 'httpMethod'>, FleetRules {
  readonly id: string;
  readonly state: FleetCallState;
  readonly reason: string | null;
  readonly filter: Record<string, unknown> | null;
  readonly nodes: number;
  readonly counts: Partial<Record<ChildState, number>>;
  readonly requestId: string;
  readonly caller: string | null;
  readonly callerId: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly cancelRequestedBy: string | null;
}

export interface StoredChild extends Child {
  readonly hasJob: boolean;
  readonly state: ChildState;
  readonly error: ChildError | null;
}

export interface FleetCallFilter {
  readonly state: FleetCallState | undefined;
  readonly caller: string | undefined;
  readonly marker: string | undefined;
  readonly limit: number;
  /** Only those of the caller with this id; undefined: of all. */
  readonly ownerId: string | null | undefined;
}

const INSERT = {
  name: 'fleet-call-insert',
  text: `
    with call as (
      insert into fleet_calls (id, method, http_method, args, filter, nodes, canary, parallelism, stop_failures, stop_percent,
                               lock_wait, request_id, caller, remote_address, conductor_id)
      values ($1, $2, $3, $4, $5, cardinality($15::uuid[]), $6, $7, $8, $9, $10, $11, $12, $13, $14)
      returning id)
    insert into fleet_call_nodes (fleet_call, position, node_uuid)
    select call.id, place - 1, uuid from call, unnest($15::uuid[]) with ordinality as asked (uuid, place)`,
};

const COLUMNS = `
  id, state, reason, method, http_method, filter, nodes, canary, parallelism, stop_failures, stop_percent, lock_wait,
  request_id, caller ->> 'name' as caller, caller ->> 'id' as caller_id, created_at, ended_at, cancel_requested_by,
  (select coalesce(json_object_agg(state, count), '{}')
   from (select state, count(*) from fleet_call_nodes where fleet_call = fleet_calls.id group by state) counted) as counts`;

const FIND = { name: 'fleet-call-find', text: `select ${COLUMNS} from fleet_calls where id = $1` };

const LIST = {
  name: 'fleet-call-list',
  text: `
    select ${COLUMNS} from fleet_calls
    where ($1::text is null or state = $1) and ($2::text is null or caller ->> 'name' = $2)
      and ($3::uuid is null or seq < (select seq from fleet_calls where id = $3))
      and (not $5::boolean or caller ->> 'id' = $6)
    order by seq desc limit $4`,
};

const CHILDREN = {
  name: 'fleet-call-children',
  text: `
    select position, node_uuid, job_id, has_job, state, error from fleet_call_nodes
    where fleet_call = $1 and ($2::text[] is null or state = any ($2))
      and position > coalesce((select position from fleet_call_nodes where fleet_call = $1 and node_uuid = $3), -1)
    order by position limit $4`,
};

const MOVE = {
  name: 'fleet-call-move',
  text: 'update fleet_calls set state = $3 where id = $1 and state = $2 returning id',
};

/** As {@link SKIP}, and by whom. */
const CANCEL = {
  name: 'fleet-call-cancel',
  text: `
    with call as (
      update fleet_calls set state = 'cancelling', cancel_requested_by = $2
      where id = $1 and state in ('running', 'paused', 'stopping') returning id),
    skipped as (
      update fleet_call_nodes set state = 'skipped'
      where state = 'waiting' and fleet_call in (select id from call))
    select id from call`,
};

const DELETE_ENDED = {
  name: 'fleet-call-delete-ended',
  text: `
    delete from fleet_calls where id in (
      select id from fleet_calls where ended_at < now() - $1 * interval '1 second'
      order by ended_at limit $2 for update skip locked)
    returning id`,
};

interface Row {
  readonly id: string;
  readonly state: FleetCallState;
  readonly reason: string | null;
  readonly method: string;
  readonly http_method: HttpMethod;
  readonly filter: Record<string, unknown> | null;
  readonly nodes: number;
  readonly canary: number;
  readonly parallelism: number;
  readonly stop_failures: number | null;
  readonly stop_percent: number | null;
  readonly lock_wait: number;
  readonly request_id: string;
  readonly caller: string | null;
  readonly caller_id: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
  readonly cancel_requested_by: string | null;
  readonly counts: Partial<Record<ChildState, number>>;
}

/** Fleet calls for their clients. */
@Injectable()
export class FleetCallRepository {
  constructor(private readonly database: Database) {}

  /** With its nodes, in one statement. @throws FleetCallIdTaken (409) */
  async insert(call: NewFleetCall): Promise<void> {
    const { stopAfter, identity } = call;
    try {
      await this.database.query(INSERT, [
        call.id,
        call.method,
        call.httpMethod,
        JSON.stringify(call.args),
        call.filter === undefined ? null : JSON.stringify(call.filter),
        call.canary,
        call.parallelism,
        typeof stopAfter === 'number' ? stopAfter : null,
        typeof stopAfter === 'string' ? Number.parseInt(stopAfter, 10) : null,
        call.lockWait,
        identity.requestId,
        JSON.stringify(identity.caller),
        identity.remoteAddress ?? null,
        call.conductorId,
        call.nodeUuids,
      ]);
    } catch (error) {
      throw sqlStateOf(error) === UNIQUE_VIOLATION ? new FleetCallIdTaken(call.id) : error;
    }
  }

  async find(id: string): Promise<StoredFleetCall | undefined> {
    const [row] = await this.database.query<Row & Record<string, unknown>>(FIND, [id]);
    return row && storedOf(row);
  }

  /** Newest first. */
  async list({ state, caller, marker, limit, ownerId }: FleetCallFilter): Promise<StoredFleetCall[]> {
    const rows = await this.database.query<Row & Record<string, unknown>>(LIST, [
      state ?? null,
      caller ?? null,
      marker ?? null,
      limit,
      ownerId !== undefined,
      ownerId ?? null,
    ]);
    return rows.map(storedOf);
  }

  /** In their order. @param after UUID of the node before. */
  async children(
    id: string,
    filter: {
      readonly states?: readonly ChildState[] | undefined;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ): Promise<StoredChild[]> {
    const { states = null, after = null, limit } = filter;
    const rows = await this.database.query<{
      position: number;
      node_uuid: string;
      job_id: string;
      has_job: boolean;
      state: ChildState;
      error: ChildError | null;
    }>(CHILDREN, [id, states, after, limit]);
    return rows.map(({ node_uuid: nodeUuid, job_id: jobId, has_job: hasJob, ...rest }) => ({
      ...rest,
      nodeUuid,
      jobId,
      hasJob,
    }));
  }

  /** @returns whether it was in the first state. */
  async move(id: string, from: FleetCallState, to: FleetCallState): Promise<boolean> {
    return (await this.database.query(MOVE, [id, from, to])).length > 0;
  }

  /** Nodes that wait get no jobs any more. @returns whether it could be. */
  async cancel(id: string, by: string | null): Promise<boolean> {
    return (await this.database.query(CANCEL, [id, by])).length > 0;
  }

  /** @returns how many were deleted, at most `limit`. */
  async deleteEnded(seconds: number, limit: number): Promise<number> {
    return (await this.database.query(DELETE_ENDED, [seconds, limit])).length;
  }
}

export function stopAfterOf(row: Pick<Row, 'stop_failures' | 'stop_percent'>): StopAfter {
  return row.stop_percent === null ? row.stop_failures : `${row.stop_percent}%`;
}

function storedOf(row: Row): StoredFleetCall {
  return {
    id: row.id,
    state: row.state,
    reason: row.reason,
    method: row.method,
    httpMethod: row.http_method,
    filter: row.filter,
    nodes: row.nodes,
    canary: row.canary,
    parallelism: row.parallelism,
    stopAfter: stopAfterOf(row),
    lockWait: row.lock_wait,
    counts: row.counts,
    requestId: row.request_id,
    caller: row.caller,
    callerId: row.caller_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    cancelRequestedBy: row.cancel_requested_by,
  };
}
