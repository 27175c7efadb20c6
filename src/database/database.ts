import { Kysely, PostgresDialect } from 'kysely';
import { type QueryResultRow } from 'pg';
import { type Connection, type PoolOptions } from './sessions/connection.js';
import { throttled } from '../logging/throttled.js';
import { DiskWatch } from './faults/disk-watch.js';
import { type Log } from '../logging/log.js';
import { SessionBudget } from './sessions/session-budget.js';
import { type PoolUsage, Sessions, type Statement } from './sessions/sessions.js';
import { type Tables } from './tables.js';

/** Commits wait for the disk, also where the server's default is another. */
const DURABLE = { synchronous_commit: 'on' };
const MAIN = { max: 12, statementLimit: 10_000, settings: DURABLE };
/**
 * Hot statements look rows up by key and are planned once. The last three settings keep a plan from the time of a small
 * table from scanning the whole table later.
 */
const PLANS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};
const HOT = { max: 8, statementLimit: 3_000, settings: { ...PLANS, ...DURABLE } };
const RELAXED = { ...HOT, max: 4, settings: { ...PLANS, synchronous_commit: 'off' } };
/** The second session is for a renewal that is sent while the first one hangs. */
const LEASE = { max: 2, min: 1, statementLimit: 2_000, settings: DURABLE };

const PING = { name: 'ping', text: 'select 1' };

interface Pools {
  readonly main: Sessions;
  readonly hot: Sessions;
  readonly relaxed: Sessions;
  readonly lease: Sessions;
}

export { type Statement } from './sessions/sessions.js';

/** Named statements, which cost the client about a third of what Kysely's do. */
export type Statements = Pick<Sessions, 'query'>;

export class Database {
  readonly kysely: Kysely<Tables>;
  readonly hot: Statements;
  /** Commits do not wait for the disk: only for what a crash may undo, released locks and the progress of jobs. */
  readonly relaxed: Statements;
  /** The lease must not wait behind other statements. */
  readonly lease: Statements;
  private closing: Promise<void> | undefined;

  private constructor(
    readonly connection: Connection,
    readonly budget: SessionBudget,
    private readonly pools: Pools,
    private readonly leave: () => Promise<void>,
    private readonly disk: DiskWatch,
  ) {
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pools.main }) });
    this.hot = this.unlessTight(pools.hot);
    this.relaxed = this.unlessTight(pools.relaxed);
    this.lease = pools.lease;
  }

  /** Sessions are opened on demand. `leave` is called last when the database is closed. */
  static at(connection: Connection, log: Log, leave: () => Promise<void> = async () => {}): Database {
    const disk = new DiskWatch();
    const warn = throttled((message) => log.warn(message));
    const budget = new SessionBudget();
    const open = (options: PoolOptions) => new Sessions(connection, options, { warn, disk }, budget);
    const lease = new Sessions(connection, LEASE, { warn, disk }, budget.beside);
    const pools = { main: open(MAIN), hot: open(HOT), relaxed: open(RELAXED), lease };
    return new Database(connection, budget, pools, leave, disk);
  }

  query<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    return this.pools.main.query<R>(statement, values);
  }

  /** By the name of the pool. */
  get usage(): Readonly<Record<string, PoolUsage>> {
    const pools = Object.entries(this.pools).map(([name, pool]: [string, Sessions]) => [name, pool.usage]);
    return Object.fromEntries(pools) as Record<string, PoolUsage>;
  }

  get isDiskFull(): boolean {
    return this.disk.isFull;
  }

  async ping(): Promise<void> {
    await this.query(PING, []);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /**
   * With one session instead of three, but in the main pool: with its limit, and with what PostgreSQL plans for a large
   * table.
   */
  private unlessTight(sessions: Sessions): Statements {
    return {
      query: (statement, values) =>
        (this.budget.isTight ? this.pools.main : sessions).query(statement, values),
    };
  }

  private async end(): Promise<void> {
    await this.kysely.destroy();
    await Promise.all(Object.values(this.pools).map((pool: Sessions) => pool.end()));
    await this.leave();
  }
}
