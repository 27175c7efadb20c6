import type pg from 'pg';
import { GuardedClient } from './guarded-client.js';
import { columnTypes } from './types.js';

/** Where a database is: what `pg.Pool` and BullMQ take as it stands. */
export type Connection =
  | { readonly connectionString: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** Where the rows' times are text in UTC and everything else is PostgreSQL's default. */
const SESSION = { TimeZone: 'UTC', DateStyle: 'ISO', application_name: 'ferrule' };

/** A pool of sessions in which every time is in UTC; further session settings may be added. */
export function poolConfig(
  connection: Connection,
  max: number,
  settings: Readonly<Record<string, string>> = {},
): pg.PoolConfig {
  return {
    ...connection,
    Client: GuardedClient,
    max,
    types: columnTypes,
    options: Object.entries({ ...SESSION, ...settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
}
