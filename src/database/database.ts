import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Connection, poolConfig, type PoolOptions } from './connection.js';
import { type Log } from './log.js';
import { type Tables } from './tables.js';

/** For lists and changes: what a person waits for. */
const MAIN = { max: 12, statementLimit: 15_000 };
/** For what every call needs: short statements, whose commits wait for the disk. */
const HOT = { max: 8, statementLimit: 3_000 };
/** The same for commits that do not wait for the disk. */
const RELAXED = { max: 4, statementLimit: 3_000, settings: { synchronous_commit: 'off' } };

/** A statement that is prepared once in each session; one name, one text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** The hottest queries go round Kysely: a named statement costs the client a third of a built one. */
export class Statements {
  constructor(private readonly pool: pg.Pool) {}

  async query<R extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    const { name, text } = statement;
    const { rows } = await this.pool.query<R>({ name, text, values: [...values] });
    return rows;
  }
}

interface Pools {
  readonly main: pg.Pool;
  readonly hot: pg.Pool;
  readonly relaxed: pg.Pool;
}

/** An open database: Kysely for most queries, named statements for the hottest. */
export class Database extends Statements {
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
  ) {
    super(pools.main);
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pools.main }) });
    this.hot = new Statements(pools.hot);
    this.relaxed = new Statements(pools.relaxed);
  }

  /** Opens pools; sessions are made when they are needed. `leave` is called last at the close. */
  static at(connection: Connection, log: Log, leave: () => Promise<void> = async () => {}): Database {
    const open = (options: PoolOptions): pg.Pool => {
      const pool = new pg.Pool(poolConfig(connection, options));
      // An idle session that breaks is replaced by the pool; without a listener it would end the process.
      return pool.on('error', (error) => log.warn(`A database session broke: ${error.message}`));
    };
    return new Database(connection, { main: open(MAIN), hot: open(HOT), relaxed: open(RELAXED) }, leave);
  }

  /** What another pool needs to connect to the same database. */
  connection(): Connection {
    return this.where;
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.pools.main.query('select 1');
  }

  /** Ends every session; a second call waits for the first. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    // Kysely ends the pool only if it was ever asked for something.
    await this.kysely.destroy();
    const { main, hot, relaxed } = this.pools;
    await Promise.all([main.ended ? undefined : main.end(), hot.end(), relaxed.end()]);
    await this.leave();
  }
}
