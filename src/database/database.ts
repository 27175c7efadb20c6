import { Kysely, PostgresDialect } from 'kysely';
import { type QueryResultRow } from 'pg';
import { type Connection, type PoolOptions } from './connection.js';
import { onceASecond } from '../logging/once-a-second.js';
import { DiskWatch } from './disk-watch.js';
import { type Log } from './log.js';
import { Sessions, type Statement } from './sessions.js';
import { type Tables } from './tables.js';

const MAIN = { max: 12, statementLimit: 10_000 };
/**
 * Hot statements look rows up by key and are planned once. The last three settings keep a plan that was made
 * while a table was small from scanning the whole table later.
 */
const PLANS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};
/** For the short statements of every call; their commits wait for the disk. */
const HOT = { max: 8, statementLimit: 3_000, settings: PLANS };
const RELAXED = { ...HOT, max: 4, settings: { ...HOT.settings, synchronous_commit: 'off' } };

const PING = { name: 'ping', text: 'select 1' };

interface Pools {
  readonly main: Sessions;
  readonly hot: Sessions;
  readonly relaxed: Sessions;
}

export { type Statement } from './sessions.js';

/** Runs named statements, which cost the client about a third of what Kysely's do. */
export type Statements = Pick<Sessions, 'query'>;

export class Database {
  readonly kysely: Kysely<Tables>;
  /** For the short statements of every call; they do not queue behind lists. */
  readonly hot: Statements;
  /**
   * Commits do not wait for the disk. Only for what a crash of PostgreSQL may undo: released locks and the
   * progress of jobs.
   */
  readonly relaxed: Statements;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly where: Connection,
    private readonly pools: Pools,
    private readonly leave: () => Promise<void>,
    private readonly disk: DiskWatch,
  ) {
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pools.main }) });
    this.hot = pools.hot;
    this.relaxed = pools.relaxed;
  }

  /** Creates the pools; sessions are opened on demand. `leave` is called last when the database is closed. */
  static at(connection: Connection, log: Log, leave: () => Promise<void> = async () => {}): Database {
    const disk = new DiskWatch();
    const warn = onceASecond((message) => log.warn(message));
    const open = (options: PoolOptions) => new Sessions(connection, options, { warn, disk });
    const pools = { main: open(MAIN), hot: open(HOT), relaxed: open(RELAXED) };
    return new Database(connection, pools, leave, disk);
  }

  connection(): Connection {
    return this.where;
  }

  query<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    return this.pools.main.query<R>(statement, values);
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

  private async end(): Promise<void> {
    await this.kysely.destroy();
    await Promise.all(Object.values(this.pools).map((pool: Sessions) => pool.end()));
    await this.leave();
  }
}
