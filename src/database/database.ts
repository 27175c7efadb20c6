import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Connection, poolConfig } from './connection.js';
import { type Log } from './log.js';
import { type Tables } from './tables.js';

const MAIN_POOL = 20;
const LOCK_POOL = 8;

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

/** An open database: Kysely for most queries, named statements for the hottest. */
export class Database extends Statements {
  readonly kysely: Kysely<Tables>;
  /**
   * Statements whose commit does not wait for the disk. For reservations: after a crash of the machine
   * no lock has an owner, and after a crash of PostgreSQL alone nothing of them is lost that matters.
   */
  readonly locks: Statements;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly where: Connection,
    private readonly main: pg.Pool,
    private readonly lock: pg.Pool,
    private readonly leave: () => Promise<void>,
  ) {
    super(main);
    this.kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: main }) });
    this.locks = new Statements(lock);
  }

  /** Opens pools; sessions are made when they are needed. `leave` is called last at the close. */
  static at(connection: Connection, log: Log, leave: () => Promise<void> = async () => {}): Database {
    const main = new pg.Pool(poolConfig(connection, MAIN_POOL));
    const lock = new pg.Pool(poolConfig(connection, LOCK_POOL, { synchronous_commit: 'off' }));
    // An idle session that breaks is replaced by the pool; without a listener it would end the process.
    for (const pool of [main, lock])
      pool.on('error', (error) => log.warn(`A database session broke: ${error.message}`));
    return new Database(connection, main, lock, leave);
  }

  /** What another pool needs to connect to the same database. */
  connection(): Connection {
    return this.where;
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.main.query('select 1');
  }

  /** Ends every session; a second call waits for the first. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    // Kysely ends the pool only if it was ever asked for something.
    await this.kysely.destroy();
    await Promise.all([this.main.ended ? undefined : this.main.end(), this.lock.end()]);
    await this.leave();
  }
}
