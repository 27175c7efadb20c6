import { type HttpMethod } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { Database } from '../database/database.js';
import { sqlStateOf, UNIQUE_VIOLATION } from '../database/faults/error-code.js';
import { createFleetCall, type NewFleetCallRow } from '../database/transitions/create-fleet-call.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import { FleetCallIdTaken, type FleetCallState, type OpenFleetCall } from './fleet-call.js';
import {
  type FleetCallRow,
  fleetCallOf,
  type FleetCounts,
  rulesOf,
  type StoredFleetCall,
} from './fleet-call-row.js';
import * as statements from './fleet-call.statements.js';

export interface FleetCallFilter {
  readonly state: FleetCallState | undefined;
  readonly caller: string | undefined;
  readonly marker: string | undefined;
  readonly limit: number;
  /** Only those of the caller with this id; undefined: of all. */
  readonly ownerId: string | undefined;
}

/** A process that may run fleet calls, and the nodes that it serves. */
export interface FleetServer {
  /** Of its lease. */
  readonly conductorId: string;
  readonly group: string;
  readonly drivers: readonly string[];
}

/** One that a process runs. */
export interface RunFleetCall {
  readonly id: string;
  readonly state: FleetCallState;
}

export interface EndedFleetCall {
  readonly state: FleetCallState;
  readonly counts: FleetCounts;
}

@Injectable()
export class FleetCallRepository {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretsAtRest,
  ) {}

  /** @throws FleetCallIdTaken (409) */
  async create(call: NewFleetCallRow): Promise<void> {
    try {
      await createFleetCall(this.database, call);
    } catch (error) {
      throw sqlStateOf(error) === UNIQUE_VIOLATION ? new FleetCallIdTaken(call.id) : error;
    }
  }

  async find(id: string): Promise<StoredFleetCall | undefined> {
    const [row] = await this.database.query<FleetCallRow>(statements.FIND, [id]);
    return row && fleetCallOf(row);
  }

  /** Newest first. */
  async list({ state, caller, marker, limit, ownerId }: FleetCallFilter): Promise<StoredFleetCall[]> {
    const values = [state ?? null, caller ?? null, marker ?? null, limit, ownerId ?? null];
    return (await this.database.query<FleetCallRow>(statements.LIST, values)).map(fleetCallOf);
  }

  /** Also if it is so already. @returns whether it could be. */
  async move(id: string, to: 'running' | 'paused'): Promise<boolean> {
    return (await this.database.query(statements.MOVE, [id, to])).length > 0;
  }

  /** Also if it is so already. From now on none of its jobs begins. @returns whether it could be. */
  async cancel(id: string, by: string | null): Promise<boolean> {
    return (await this.database.query(statements.CANCEL, [id, by])).length > 0;
  }

  /** Name of the caller that cancelled it. */
  async cancelledBy(id: string): Promise<string | null> {
    const [row] = await this.database.hot.query<{ cancel_requested_by: string | null }>(
      statements.CANCELLED_BY,
      [id],
    );
    return row?.cancel_requested_by ?? null;
  }

  /** From now on none of its jobs begins. Nothing, if it was cancelled meanwhile. */
  async stop(id: string, reason: string): Promise<void> {
    await this.database.hot.query(statements.STOP, [id, reason]);
  }

  /** Takes those of processes that are gone, if this one serves their next nodes. @returns all that it runs. */
  run({ conductorId, group, drivers }: FleetServer): Promise<RunFleetCall[]> {
    return this.database.hot.query<RunFleetCall & Record<string, unknown>>(statements.RUN, [
      conductorId,
      group,
      drivers,
    ]);
  }

  /** For another process to go on. @param id undefined: all of them. */
  async release(conductorId: string, id?: string): Promise<void> {
    await this.database.hot.query(statements.RELEASE, [conductorId, id ?? null]);
  }

  /** @returns undefined if it has ended, or is another process's. */
  async read(id: string, conductorId: string): Promise<OpenFleetCall | undefined> {
    const [row] = await this.database.hot.query<{
      method: string;
      http_method: HttpMethod;
      args: Record<string, unknown> | string;
      nodes: number;
      canary: number;
      parallelism: number;
      stop_failures: number | null;
      stop_percent: number | null;
      lock_wait: number;
      request_id: string;
      caller: Caller;
      remote_address: string | null;
    }>(statements.READ, [id, conductorId]);
    return (
      row && {
        id,
        method: row.method,
        httpMethod: row.http_method,
        args: this.secrets.openedArguments(id, row.args),
        nodes: row.nodes,
        ...rulesOf(row),
        requestId: row.request_id,
        caller: row.caller,
        remoteAddress: row.remote_address ?? undefined,
      }
    );
  }

  /** @returns undefined while a node waits or its job has not ended. */
  async end(id: string): Promise<EndedFleetCall | undefined> {
    return (await this.database.hot.query<EndedFleetCall & Record<string, unknown>>(statements.END, [id]))[0];
  }

  /** @returns the ids of those that have not ended. */
  async open(ids: readonly string[]): Promise<string[]> {
    return (await this.database.hot.query<{ id: string }>(statements.OPEN, [ids])).map(({ id }) => id);
  }

  /** @returns whether one was deleted. */
  async deleteEnded(seconds: number): Promise<boolean> {
    return (await this.database.query(statements.DELETE_ENDED, [seconds])).length > 0;
  }
}
