import { createHash, randomUUID } from 'node:crypto';
import { ANYONE } from '../../../src/auth/caller.js';
import { Conductor } from '../../../src/conductors/conductor.js';
import { ConductorRepository } from '../../../src/conductors/conductor.repository.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { type Database, type Statements } from '../../../src/database/database.js';
import { type NewJobRow } from '../../../src/database/transitions/accept.js';
import { IdempotencyKeyRepository } from '../../../src/passthru/idempotency/idempotency-key.repository.js';
import { LockWaiterRepository } from '../../../src/reservations/lock-waiter.repository.js';
import { ReservationRepository } from '../../../src/reservations/reservation.repository.js';
import { SecretsAtRest } from '../../../src/secrets/at-rest/secrets-at-rest.js';
import { Lifecycle } from '../../../src/lifecycle/lifecycle.js';
import { processNamed } from '../../support/process-named.js';
import { insertNode } from '../../support/nodes.js';
import { type Facts } from './facts.js';

export type Plant = (text: string) => string;

interface Row {
  readonly node_id: string;
  readonly token: string | null;
  readonly fence: number;
  readonly job_id: string | null;
  readonly conductor_id: string | null;
}

const OBSERVED = `
  select
    (select coalesce(json_agg(lock), '[]') from (
       select node_id::text, token, fence, job_id, conductor_id
       from reservations where node_id = any ($1::bigint[])) lock) as locks,
    (select coalesce(json_agg(job), '[]') from (
       select id, state, conductor_id as life from jobs where id = any ($2::uuid[]) order by seq) job) as jobs,
    (select coalesce(json_agg(waiter), '[]') from (
       select node_id::text, token from lock_waiters
       where node_id = any ($1::bigint[]) order by number) waiter) as waiters`;

/** The real statements on a real database, with the nodes and processes of one run. */
export class World {
  /** Id of the caller whose keys are of this world. */
  readonly caller = randomUUID();

  private constructor(
    private readonly untouched: Database,
    readonly database: Database,
    private readonly nodeIds: readonly string[],
    private readonly conductors: Conductor[],
  ) {}

  static async create(database: Database, nodes: number, processes: number, plant?: Plant): Promise<World> {
    const used = plant ? tampered(database, plant) : database;
    const ids: string[] = [];
    for (let each = 0; each < nodes; each++) ids.push((await insertNode(database)).id);
    const world = new World(database, used, ids, []);
    for (let each = 0; each < processes; each++) await world.startProcess(each);
    return world;
  }

  /** Of its nodes and processes. */
  facts<F extends Facts>(create: new (nodes: number, lives: readonly string[]) => F): F {
    return new create(
      this.nodeIds.length,
      this.conductors.map(({ life }) => life.id),
    );
  }

  nodeId(index: number): string {
    return this.nodeIds[index % this.nodeIds.length] ?? '';
  }

  conductor(index: number): Conductor {
    const conductor = this.conductors[index % this.conductors.length];
    if (!conductor) throw new RangeError('There is no process.');
    return conductor;
  }

  waiters(index: number): LockWaiterRepository {
    return new LockWaiterRepository(this.database, this.conductor(index));
  }

  reservations(index: number): ReservationRepository {
    return new ReservationRepository(this.database, this.conductor(index));
  }

  keys(index: number): IdempotencyKeyRepository {
    return new IdempotencyKeyRepository(this.database, this.conductor(index));
  }

  /** Makes the keys and the jobs older. @param time an interval of SQL. */
  async age(time: string, jobs: readonly string[]): Promise<void> {
    await this.sql('update idempotency_keys set created_at = created_at - $2::interval where caller = $1', [
      this.caller,
      time,
    ]);
    await this.sql('update jobs set created_at = created_at - $2::interval where id = any ($1::uuid[])', [
      jobs,
      time,
    ]);
  }

  /** The rows of the keys, in the order of their ids. */
  async observedKeys(): Promise<unknown[]> {
    return this.sql(
      `select id, job_id as job, state, conductor_id as life from idempotency_keys where caller = $1 order by id`,
      [this.caller],
    );
  }

  /** Starts a process in place of another, which may have died without unregistering. */
  async startProcess(index: number): Promise<string> {
    const config = loadConfig({ FERRULE_LEASE: '1h', FERRULE_HOSTNAME: `process-${index}` });
    const conductor = new Conductor(
      new ConductorRepository(this.untouched, new SecretsAtRest(), processNamed(config.hostname), config),
      config,
      new Lifecycle(config.shutdownTimeout),
    );
    await conductor.onModuleInit();
    this.conductors[index] = conductor;
    return conductor.life.id;
  }

  async endLife(id: string): Promise<void> {
    await this.sql(`update conductors set expires_at = now() - interval '1 second' where id = $1`, [id]);
  }

  /** @param isStale whether the node was changed after the call read it. */
  async newJob(node: number, token: string, isStale: boolean): Promise<NewJobRow> {
    const [row] = await this.sql<{ updated_at: string | null }>(
      'select updated_at from nodes where id = $1',
      [this.nodeId(node)],
    );
    return {
      id: randomUUID(),
      driver: 'fake-hardware',
      vendor_interface: 'fake',
      method: 'method',
      http_method: 'POST',
      request_id: 'req-model',
      caller: ANYONE,
      args: {},
      node_id: this.nodeId(node),
      node_uuid: null,
      node_updated_at: isStale ? '2000-01-01T00:00:00Z' : (row?.updated_at ?? null),
      token,
    };
  }

  async observed(jobs: readonly string[]): Promise<{ nodes: unknown[]; jobs: unknown[] }> {
    const [seen] = await this.sql<{
      locks: Row[];
      jobs: unknown[];
      waiters: { node_id: string; token: string }[];
    }>(OBSERVED, [this.nodeIds, jobs]);
    const found = new Map(seen?.locks.map((row) => [row.node_id, row]));
    const nodes = this.nodeIds.map((id) => {
      const { token = null, fence = 0, job_id: job = null, conductor_id: life = null } = found.get(id) ?? {};
      const line = seen?.waiters.filter(({ node_id: node }) => node === id).map((each) => each.token) ?? [];
      return { token, fence, job, life, line };
    });
    return { nodes, jobs: seen?.jobs ?? [] };
  }

  async close(): Promise<void> {
    for (const conductor of this.conductors) await this.endLife(conductor.life.id);
    await Promise.all(this.conductors.map((conductor) => conductor.onApplicationShutdown()));
  }

  private sql<R extends Record<string, unknown>>(text: string, values: unknown[]): Promise<R[]> {
    return this.untouched.query<R>({ name: `test-model-${text}`.slice(0, 60), text }, values);
  }
}

/** The same database with changed statements. */
function tampered(database: Database, plant: Plant): Database {
  const wrap = (inner: Statements): Statements => ({
    query: (statement, values) => {
      const text = plant(statement.text);
      if (text === statement.text) return inner.query(statement, values);
      // A session prepares a statement by name, so another text needs another name.
      const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
      return inner.query({ ...statement, name, text }, values);
    },
  });
  return Object.create(database, {
    query: { value: wrap(database).query },
    hot: { value: wrap(database.hot) },
    relaxed: { value: wrap(database.relaxed) },
  }) as Database;
}
