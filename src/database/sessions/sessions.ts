import { setTimeout as pause } from 'node:timers/promises';
import {
  type PostgresCursor,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import pg from 'pg';
import { CONNECT_MS, type Connection, poolConfig, type PoolOptions } from './connection.js';
import { sqlStateOf, TOO_MANY_SESSIONS } from '../faults/error-code.js';
import { connectFault, type Effect, isSessionLost, statementFault } from '../faults/database-fault.js';
import { type Seats } from './session-budget.js';
import { type DiskWatch } from '../faults/disk-watch.js';

/** Milliseconds until a server that had no session left is asked again. */
const RETRY_MS = 100;

/** Prepared once in each session. A name must always stand for the same text. */
export interface Statement extends Effect {
  readonly name: string;
}

export interface Watch {
  warn(message: string): void;
  readonly disk: DiskWatch;
}

export interface PoolUsage {
  readonly busy: number;
  readonly idle: number;
  readonly max: number;
  /** Statements without a session. */
  readonly waiting: number;
}

/**
 * Throws DatabaseUnavailable, OutcomeUnknown or PostgreSQL's error about the statement itself, and ends a session that
 * did not answer in time.
 */
export class Sessions implements PostgresPool {
  private readonly pool: pg.Pool;
  private ending: Promise<void> | undefined;

  constructor(
    connection: Connection,
    options: PoolOptions,
    private readonly watch: Watch,
    seats?: Seats,
  ) {
    const config = poolConfig(connection, options);
    this.pool = new pg.Pool(seats ? { ...config, Client: seats.Client } : config);
    seats?.join(this.pool);
    // The pool replaces the session; without a listener the event would end the process.
    this.pool.on('error', (error) => watch.warn(`A database session broke: ${error.message}`));
  }

  async query<R extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    const { name, text } = statement;
    const session = await this.session();
    try {
      const { rows } = await session.query<R>({ name, text, values: [...values] });
      session.release();
      return rows;
    } catch (error) {
      this.watch.disk.saw(error);
      session.release(isSessionLost(error));
      throw statementFault(error, statement);
    }
  }

  async connect(): Promise<PostgresPoolClient> {
    const session = await this.session();
    return new KyselySession(session, this.watch.disk, (isLost) => session.release(isLost));
  }

  get usage(): PoolUsage {
    const { totalCount, idleCount, waitingCount, options } = this.pool;
    // Whoever asks while a session is idle gets it in a moment, but is in the queue until then.
    const waiting = Math.max(0, waitingCount - idleCount);
    return { busy: totalCount - idleCount, idle: idleCount, max: options.max, waiting };
  }

  end(): Promise<void> {
    this.ending ??= this.pool.end();
    return this.ending;
  }

  private async session(): Promise<pg.PoolClient> {
    const end = performance.now() + (this.pool.options.connectionTimeoutMillis ?? CONNECT_MS);
    for (;;) {
      try {
        return await this.pool.connect();
      } catch (error) {
        if (sqlStateOf(error) !== TOO_MANY_SESSIONS || performance.now() > end) throw connectFault(error);
        await pause(RETRY_MS * (0.5 + Math.random()));
      }
    }
  }
}

class KyselySession implements PostgresPoolClient {
  private isLost = false;

  constructor(
    private readonly session: PostgresPoolClient,
    private readonly disk: DiskWatch,
    private readonly giveBack: (isLost: boolean) => void,
  ) {}

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new TypeError('No statement of the service is read by a cursor.');
    return this.run(sql, parameters);
  }

  release(): void {
    this.giveBack(this.isLost);
  }

  private async run<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      return await this.session.query<R>(text, parameters);
    } catch (error) {
      this.disk.saw(error);
      this.isLost ||= isSessionLost(error);
      throw statementFault(error, { text });
    }
  }
}
