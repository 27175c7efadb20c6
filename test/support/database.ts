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
    const template = isEmpty ? 'template1' : await templateDatabase(server, admin);
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await run(admin, `create database ${name} template ${template}`);
    const connection = await server.database(name);
    return {
      connection,
      open: () => Database.at(connection, silent),
      drop: async () => {
        await run(admin, `drop database ${name} with (force)`);
        await server.leave();
      },
    };
  } catch (error) {
    await server.leave();
    throw error;
  }
}

/** For FERRULE_DATABASE_URL. */
export function urlOf(connection: Connection): string {
  if (!('host' in connection)) throw new TypeError('A test database is on a socket.');
  const { host, user, database } = connection;
  return `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
}

/** The name contains a hash of the migrations. */
async function templateDatabase(server: EmbeddedServer, admin: Connection): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 16);
  const name = `template_${digest}`;
  // One at a time, because a template with open connections cannot be copied.
  await run(admin, 'select pg_advisory_lock(4277003)', async (query) => {
    const rows = await query(`select from pg_database where datname = '${name}'`);
    if (rows.length > 0) return;
    const fresh = `fresh_${digest}`;
    await query(`drop database if exists ${fresh} with (force)`);
    await migrate(await server.database(fresh), 60);
    await query(`alter database ${fresh} rename to ${name}`);
  });
  return name;
}

async function run(
  connection: Connection,
  sql: string,
  then: (query: (sql: string) => Promise<unknown[]>) => Promise<void> = async () => {},
): Promise<void> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    await client.query(sql);
    await then(async (text) => (await client.query<Record<string, unknown>>(text)).rows);
  } finally {
    await client.end();
  }
}
