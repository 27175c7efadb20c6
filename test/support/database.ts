import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Connection } from '../../src/database/sessions/connection.js';
import { Database } from '../../src/database/database.js';
import { EmbeddedServer } from '../../src/database/embedded/embedded-server.js';
import { silent } from '../../src/logging/log.js';
import { migrate } from '../../src/database/migrate.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { type AuditChoice } from '../../src/database/transitions/audited.js';
import { testServerFolder } from './server-folder.js';

/** For transitions that end jobs. */
export const AUDITED: AuditChoice = { audit: true };

type Row = Readonly<Record<string, unknown>>;
type Query = (sql: string) => Promise<readonly Row[]>;

export interface TestDatabase {
  readonly connection: Connection;
  /** To be closed before `drop`. */
  open(): Database;
  drop(): Promise<void>;
}

/** @param isEmpty without migrations. */
export async function testDatabase({ isEmpty = false } = {}): Promise<TestDatabase> {
  const server = await new EmbeddedServer(testServerFolder(), silent).join();
  try {
    const admin = await server.database('postgres');
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await inSession(admin, async (query) => {
      await spareDisk(query);
      const template = isEmpty ? 'template1' : await templateDatabase(server, query);
      await query(`create database ${name} template ${template} strategy file_copy`);
    });
    const connection = await server.database(name);
    return {
      connection,
      open: () => Database.at(connection, silent),
      drop: async () => {
        await inSession(admin, (query) => query(`drop database ${name} with (force)`));
        await server.leave();
      },
    };
  } catch (error) {
    await server.leave();
    throw error;
  }
}

/**
 * The server of the data directory, now and at each later start, leaves it to the kernel when its files are written to
 * disk: tests kill processes, which loses nothing then, and no machine.
 */
export async function spareDisk(query: Query): Promise<void> {
  const [shown] = await query('show fsync');
  if (shown?.['fsync'] === 'off') return;
  await query('alter system set fsync = off');
  await query('alter system set full_page_writes = off');
  await query('select pg_reload_conf()');
}

/** For FERRULE_DATABASE_URL. */
export function urlOf(connection: Connection): string {
  if (!('host' in connection)) throw new TypeError('A test database is on a socket.');
  const { host, user, database } = connection;
  return `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
}

/** The name contains a hash of the migrations. */
async function templateDatabase(server: EmbeddedServer, query: Query): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 16);
  const name = `template_${digest}`;
  const isThere = async () => (await query(`select from pg_database where datname = '${name}'`)).length > 0;
  if (await isThere()) return name;
  // One at a time, because a template with open connections cannot be copied.
  await query('select pg_advisory_lock(4277003)');
  if (!(await isThere())) {
    const fresh = `fresh_${digest}`;
    await query(`drop database if exists ${fresh} with (force)`);
    await migrate(await server.database(fresh), 60);
    await query(`alter database ${fresh} rename to ${name}`);
  }
  await query('select pg_advisory_unlock(4277003)');
  return name;
}

export async function inSession<T>(connection: Connection, work: (query: Query) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    return await work(async (sql) => (await client.query<Row>(sql)).rows);
  } finally {
    await client.end();
  }
}
