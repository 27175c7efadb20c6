import { type HttpMethod } from '@ferrule/driver-kit';
import { type FleetCallState, type FleetMethod, type FleetRules, type StopAfter } from './fleet-call.js';
import { type FleetNodeState } from './fleet-node.js';

/** How many nodes are in which state. */
export type FleetCounts = Partial<Record<FleetNodeState, number>>;

export interface StoredFleetCall extends Pick<FleetMethod, 'method' | 'httpMethod'>, FleetRules {
  readonly id: string;
  readonly state: FleetCallState;
  readonly reason: string | null;
  readonly filter: Record<string, unknown> | null;
  readonly nodes: number;
  readonly counts: FleetCounts;
  readonly requestId: string;
  readonly caller: string | null;
  readonly callerId: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly cancelRequestedBy: string | null;
}

/** Those of one that has ended are stored with it. */
const COUNTS = `
  coalesce(counts, (
    select coalesce(json_object_agg(state, count), '{}')
    from (select state, count(*) from fleet_call_nodes where fleet_call = fleet_calls.id group by state) counted))`;

export const COLUMNS = `
  id, state, reason, method, http_method, filter, nodes, canary, parallelism, stop_failures, stop_percent, lock_wait,
  request_id, caller ->> 'name' as caller, caller ->> 'id' as caller_id, created_at, ended_at, cancel_requested_by,
  ${COUNTS} as counts`;

interface RulesRow {
  readonly canary: number;
  readonly parallelism: number;
  readonly stop_failures: number | null;
  readonly stop_percent: number | null;
  readonly lock_wait: number;
}

export interface FleetCallRow extends RulesRow, Record<string, unknown> {
  readonly id: string;
  readonly state: FleetCallState;
  readonly reason: string | null;
  readonly method: string;
  readonly http_method: HttpMethod;
  readonly filter: Record<string, unknown> | null;
  readonly nodes: number;
  readonly request_id: string;
  readonly caller: string | null;
  readonly caller_id: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
  readonly cancel_requested_by: string | null;
  readonly counts: FleetCounts;
}

export function rulesOf(row: RulesRow): FleetRules {
  const stopAfter: StopAfter = row.stop_percent === null ? row.stop_failures : `${row.stop_percent}%`;
  return { canary: row.canary, parallelism: row.parallelism, stopAfter, lockWait: row.lock_wait };
}

export function fleetCallOf(row: FleetCallRow): StoredFleetCall {
  return {
    id: row.id,
    state: row.state,
    reason: row.reason,
    method: row.method,
    httpMethod: row.http_method,
    filter: row.filter,
    nodes: row.nodes,
    ...rulesOf(row),
    counts: row.counts,
    requestId: row.request_id,
    caller: row.caller,
    callerId: row.caller_id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    cancelRequestedBy: row.cancel_requested_by,
  };
}
