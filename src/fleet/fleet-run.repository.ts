import { type HttpMethod } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Caller } from '../auth/caller.js';
import { Database } from '../database/database.js';
import { isAlive } from '../database/is-alive.js';
import { SecretsAtRest } from '../secrets/at-rest/secrets-at-rest.js';
import {
  type Child,
  type ChildError,
  type ChildState,
  type FleetCallState,
  type OpenFleetCall,
} from './fleet-call.js';
import { stopAfterOf } from './fleet-call.repository.js';

/** One that has not ended. */
export interface Charge {
  readonly id: string;
  readonly state: FleetCallState;
}

/** How far it is. */
export interface Standing {
  /** Nodes that ended otherwise than in success. */
  readonly failed: number;
  readonly failedCanary: number;
  readonly succeededCanary: number;
  readonly started: readonly string[];
}

const NODE = `exists (
        select from fleet_call_nodes child join nodes on nodes.uuid = child.node_uuid
        where child.fleet_call = fleet_calls.id`;

const CHARGES = {
  name: 'fleet-call-charges',
  text: `
    with orphans as (
      select id from fleet_calls
      where ended_at is null and conductor_id is distinct from $1 and not ${isAlive('fleet_calls.conductor_id')}
        -- Whichever process ends it.
        and (state not in ('running', 'paused') or ${NODE} and nodes.conductor_group = $2 and nodes.driver = any ($3::text[])) or not ${NODE}))
      for update skip locked),
    taken as (
      update fleet_calls set conductor_id = $1 from orphans where fleet_calls.id = orphans.id
      returning fleet_calls.id, state)
    select id, state from taken
    union all
    select id, state from fleet_calls where ended_at is null and conductor_id = $1`,
};

const RELEASE = {
  name: 'fleet-call-release',
  text: 'update fleet_calls set conductor_id = null where ended_at is null and conductor_id = $1',
};

const READ = {
  name: 'fleet-call-read',
  text: `
    select id, method, http_method, args, nodes, canary, parallelism, stop_failures, stop_percent, lock_wait, request_id,
           caller, remote_address
    from fleet_calls where id = $1 and ended_at is null`,
};

const STANDING = {
  name: 'fleet-call-standing',
  text: `
    select count(*) filter (where failed)::int as failed,
           count(*) filter (where failed and position < $2)::int as "failedCanary",
           count(*) filter (where state = 'succeeded' and position < $2)::int as "succeededCanary",
           array(select job_id from fleet_call_nodes where fleet_call = $1 and state = 'started') as started
    from (select position, state, state not in ('waiting', 'started', 'succeeded', 'skipped') as failed
          from fleet_call_nodes where fleet_call = $1) child`,
};

const WAITING = {
  name: 'fleet-call-waiting',
  text: `
    select position, node_uuid as "nodeUuid", job_id as "jobId" from fleet_call_nodes
    where fleet_call = $1 and position > $2 and state = 'waiting' and state in ('waiting', 'started')
    order by position limit $3`,
};

const STATES = {
  name: 'fleet-call-states',
  text: 'select job_id as "jobId", position, state from fleet_call_nodes where job_id = any ($1::uuid[])',
};

const REFUSE = {
  name: 'fleet-call-refuse',
  text: `update fleet_call_nodes set state = 'refused', error = $2 where job_id = $1 and state = 'waiting'`,
};

const STOP = {
  name: 'fleet-call-stop',
  text: `
    with call as (
      update fleet_calls set state = 'stopping', reason = $2
      where id = $1 and state in ('running', 'paused') returning id),
    skipped as (
      update fleet_call_nodes set state = 'skipped'
      where state = 'waiting' and fleet_call in (select id from call))
    select state from fleet_calls where id = $1`,
};

const END = {
  name: 'fleet-call-end',
  text: `
    update fleet_calls
    set state = case state when 'stopping' then 'stopped' when 'cancelling' then 'cancelled' else 'finished' end,
        ended_at = now(), args = '{}', conductor_id = null
    where id = $1 and ended_at is null
      and not exists (select from fleet_call_nodes where fleet_call = $1 and state in ('waiting', 'started'))
    returning state`,
};

const OPEN = {
  name: 'fleet-call-open',
  text: 'select id from fleet_calls where id = any ($1::uuid[]) and ended_at is null',
};

/** Fleet calls for the process that drives them. */
@Injectable()
export class FleetRunRepository {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretsAtRest,
  ) {}

  /**
   * Takes over those whose process is gone, if this one serves any of their nodes.
   * @param drivers those that it runs. @returns all that the process of this lease drives.
   */
  charges(life: string, group: string, drivers: readonly string[]): Promise<Charge[]> {
    return this.database.hot.query<Charge & Record<string, unknown>>(CHARGES, [life, group, drivers]);
  }

  /** For others to take over. */
  async release(life: string): Promise<void> {
    await this.database.hot.query(RELEASE, [life]);
  }

  /** @returns undefined if it has ended. @throws SecretsKeyMissing, SecretDamaged */
  async read(id: string): Promise<OpenFleetCall | undefined> {
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
    }>(READ, [id]);
    return (
      row && {
        id,
        method: row.method,
        httpMethod: row.http_method,
        args: this.secrets.openedArguments(id, row.args),
        nodes: row.nodes,
        canary: row.canary,
        parallelism: row.parallelism,
        stopAfter: stopAfterOf(row),
        lockWait: row.lock_wait,
        requestId: row.request_id,
        caller: row.caller,
        remoteAddress: row.remote_address ?? undefined,
      }
    );
  }

  async standing({ id, canary }: Pick<OpenFleetCall, 'id' | 'canary'>): Promise<Standing> {
    const [row] = await this.database.hot.query<Standing & Record<string, unknown>>(STANDING, [id, canary]);
    if (!row) throw new Error('An aggregate has no row.');
    return row;
  }

  /** In their order. @param after the position before. */
  waiting(id: string, after: number, limit: number): Promise<Child[]> {
    return this.database.hot.query<Child & Record<string, unknown>>(WAITING, [id, after, limit]);
  }

  states(
    jobIds: readonly string[],
  ): Promise<{ readonly jobId: string; readonly position: number; readonly state: ChildState }[]> {
    return this.database.hot.query(STATES, [jobIds]);
  }

  /** Nothing, if it does not wait any more. */
  async refuse({ jobId }: Child, error: ChildError): Promise<void> {
    await this.database.hot.query(REFUSE, [jobId, JSON.stringify(error)]);
  }

  /** Nodes that wait get no jobs any more. Nothing, if it was cancelled meanwhile. */
  async stop(id: string, reason: string): Promise<void> {
    await this.database.hot.query(STOP, [id, reason]);
  }

  /** @returns its last state; undefined while a node waits or its job has not ended. */
  async end(id: string): Promise<FleetCallState | undefined> {
    return (await this.database.hot.query<{ state: FleetCallState }>(END, [id]))[0]?.state;
  }

  /** @returns the ids of those that have not ended. */
  async open(ids: readonly string[]): Promise<string[]> {
    return (await this.database.hot.query<{ id: string }>(OPEN, [ids])).map(({ id }) => id);
  }
}
