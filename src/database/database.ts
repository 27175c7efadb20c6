import { Kysely, PostgresDialect } from 'kysely';
import { type QueryResultRow } from 'pg';
import { type Connection, type PoolOptions } from './connection.js';
import { onceASecond } from '../logging/once-a-second.js';
import { DiskWatch } from './disk-watch.js';
import { type Log } from './log.js';
import { Sessions, type Statement } from './sessions.js';
import { type Tables } from './tables.js';

/** For lists and changes: what a person waits for. */
const MAIN = { max: 12, statementLimit: 10_000 };
/**
 * Every hot statement looks rows up by their keys, and is planned once. Without the last three a plan that was
 * made while a table was small would go on reading all of it.
 */
const PLANS = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};
/** For what every call needs: short statements, whose commits wait for the disk. */
const HOT = { max: 8, statementLimit: 3_000, settings: PLANS };
/** The same for commits that do not wait for the disk. */
const RELAXED = { ...HOT, max: 4, settings: { ...HOT.settings, synchronous_commit: 'off' } };

const PING = { name: 'ping', text: 'select 1' };

interface Pools {
  readonly main: Sessions;
  readonly hot: Sessions;
  readonly relaxed: Sessions;
}

export { type Statement } from './sessions.js';

/** What runs named statements; they cost the client a third of what Kysely builds. */
export type Statements = Pick<Sessions, 'query'>;

/** An open database: Kysely for most queries, named statements for the hottest. */
export class Database {
  readonly kysely: Kysely<Tables>;
  /** For the short statements of every call; they wait in no queue behind lists. */
  readonly hot: Statements;
  /**
   * Their commits do not wait for the disk. Only for what may be forgotten in a crash of PostgreSQL: that a
   * lock was released, how far a job is.
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

  /** Opens pools; sessions are made when they are needed. `leave` is called last at the close. */
  static at(connection: Connection, log: Log, leave: () => Promise<void> = async () => {}): Database {
    const disk = new DiskWatch();
    const warn = onceASecond((message) => log.warn(message));
    const open = (options: PoolOptions) => new Sessions(connection, options, { warn, disk });
    const pools = { main: open(MAIN), hot: open(HOT), relaxed: open(RELAXED) };
    return new Database(connection, pools, leave, disk);
  }

  /** What another pool needs to connect to the same database. */
  connection(): Connection {
    return this.where;
  }

  query<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    return this.pools.main.query<R>(statement, values);
  }

  /** Whether PostgreSQL said a moment ago that its disk is full. */
  get isDiskFull(): boolean {
    return this.disk.isFull;
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.query(PING, []);
  }

  /** Ends every session; a second call waits for the first. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    // Kysely ends the main pool only if it was ever asked for something.
    await this.kysely.destroy();
    await Promise.all(Object.values(this.pools).map((pool: Sessions) => pool.end()));
    await this.leave();
  }
}
