import type pg from 'pg';
import { GuardedClient } from './guarded-client.js';
import { columnTypes } from './column-types.js';

/** In a form that both `pg.Pool` and BullMQ accept. */
export type Connection =
  | { readonly connectionString: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** The plans of hot statements have costs at which PostgreSQL would compile them, for up to seconds in each execution. */
const SESSION = { TimeZone: 'UTC', DateStyle: 'ISO', application_name: 'ferrule', jit: 'off' };

/** For a new session or a free one of the pool. */
export const CONNECT_MS = 3_000;
/** So long after the server's statement limit, a silent session is broken. */
const ANSWER_MS = 1_000;

export interface PoolOptions {
  readonly max: number;
  /** Milliseconds. */
  readonly statementLimit?: number;
  /** Sessions that are kept open; others are closed after ten idle seconds. */
  readonly min?: number;
  readonly settings?: Readonly<Record<string, string>>;
}

export function poolConfig(
  connection: Connection,
  { max, min = 0, statementLimit, settings = {} }: PoolOptions,
): pg.PoolConfig {
  const limits = statementLimit === undefined ? {} : { statement_timeout: String(statementLimit) };
  return {
    ...connection,
    ...(statementLimit !== undefined && { query_timeout: statementLimit + ANSWER_MS }),
    Client: GuardedClient,
    max,
    min,
    types: columnTypes,
    options: Object.entries({ ...SESSION, ...limits, ...settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  };
}
