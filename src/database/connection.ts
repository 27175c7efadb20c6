import type pg from 'pg';
import { GuardedClient } from './guarded-client.js';
import { columnTypes } from './types.js';

/** Where a database is: what `pg.Pool` and BullMQ take as it stands. */
export type Connection =
  | { readonly connectionString: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** Where the rows' times are text in UTC and everything else is PostgreSQL's default. */
const SESSION = { TimeZone: 'UTC', DateStyle: 'ISO', application_name: 'ferrule' };

/** How long a session, and a turn in a pool, is waited for. */
const CONNECT_MS = 3_000;
/** A server that answers at all has ended a statement by then: what is silent for longer is broken. */
const ANSWER_MS = 1_000;

export interface PoolOptions {
  readonly max: number;
  /** Milliseconds that one statement may take; without it there is no limit. */
  readonly statementLimit?: number;
  /** Further settings of the sessions. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A pool of sessions in which every time is in UTC. */
export function poolConfig(
  connection: Connection,
  { max, statementLimit, settings = {} }: PoolOptions,
): pg.PoolConfig {
  const limits = statementLimit === undefined ? {} : { statement_timeout: String(statementLimit) };
  return {
    ...connection,
    ...(statementLimit !== undefined && { query_timeout: statementLimit + ANSWER_MS }),
    Client: GuardedClient,
    max,
    types: columnTypes,
    options: Object.entries({ ...SESSION, ...limits, ...settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  };
}
