import { type Caller } from '@ferrule/driver-kit';
import { type Database } from '../database.js';

export interface NewFleetCallRow {
  readonly id: string;
  readonly method: string;
  readonly http_method: string;
  /** A text if they are encrypted. */
  readonly args: Record<string, unknown> | string;
  readonly filter: Record<string, unknown> | null;
  /** UUIDs in the order of their turns. */
  readonly nodes: readonly string[];
  readonly canary: number;
  readonly parallelism: number;
  /** At most one of these two. */
  readonly stop_failures: number | null;
  readonly stop_percent: number | null;
  readonly lock_wait: number;
  readonly request_id: string;
  readonly caller: Caller;
  readonly remote_address: string | null;
  /** The lease of the process that runs it. */
  readonly conductor_id: string;
}

const CREATE = {
  name: 'fleet-call-create',
  text: `
    with call as (
      insert into fleet_calls (id, method, http_method, args, filter, nodes, canary, parallelism, stop_failures, stop_percent,
                               lock_wait, request_id, caller, remote_address, conductor_id)
      values ($1, $2, $3, $4, $5, cardinality($6::uuid[]), $7, $8, $9, $10, $11, $12, $13, $14, $15)
      returning id)
    insert into fleet_call_nodes (fleet_call, position, node_uuid)
    select call.id, place - 1, uuid from call, unnest($6::uuid[]) with ordinality as asked (uuid, place)`,
};

/** A fleet call with all its nodes, which wait. @throws a unique violation if there is one of that id. */
export async function createFleetCall(
  database: Pick<Database, 'query'>,
  call: NewFleetCallRow,
): Promise<void> {
  await database.query(CREATE, [
    call.id,
    call.method,
    call.http_method,
    JSON.stringify(call.args),
    call.filter === null ? null : JSON.stringify(call.filter),
    call.nodes,
    call.canary,
    call.parallelism,
    call.stop_failures,
    call.stop_percent,
    call.lock_wait,
    call.request_id,
    JSON.stringify(call.caller),
    call.remote_address,
    call.conductor_id,
  ]);
}
