import { createHash } from 'node:crypto';
import type pg from 'pg';
import { StartError } from '../config/start-error.js';
import { retry } from '../waiting/retry.js';
import { codeOf } from './faults/error-code.js';
import { type Connection } from './sessions/connection.js';
import { withClient } from './sessions/with-client.js';
import { type Migration, MIGRATIONS } from './migrations/index.js';

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Advisory lock against concurrent migrations; the same in every version. */
const LOCK = 4_277_003_001;

const LOOK_MS = 10_000;

const NEVER = new AbortController().signal;

const QUERY_CANCELED = '57014';
/** Others use a table; PostgreSQL says the second if each waits for the other. */
const LOCKED_OUT = ['55P03', '40P01'];

/**
 * Milliseconds for a lock, while statements of running services wait behind it: less than PostgreSQL waits before it looks
 * for a deadlock, since it might end one of them.
 */
const LOCK_MS = 500;

/** The server ends a session whose client was lost in a transaction, and with it the lock. */
const ABANDONED = { idle_in_transaction_session_timeout: '60s' };

export interface AppliedRow {
  number: number;
  name: string;
  checksum: string;
}

/**
 * In one transaction, under a lock that a second process waits for. While others use the tables it is tried again.
 * @param limit seconds for each statement and for the wait.
 * @returns names of the applied migrations.
 */
export async function migrate(
  connection: Connection,
  limit: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> {
  let step = 'The wait for another process that brings the database up to date';
  const apply = async (client: pg.Client): Promise<string[]> => {
    await client.query('begin');
    await lockMigrations(client);
    await client.query(`set local lock_timeout = ${LOCK_MS}`);
    step = 'The look at the migrations of the database';
    const names = await applyPending(client, migrations, (next) => (step = `The migration ${label(next)}`));
    await client.query('commit');
    return names;
  };
  const attempt = () => withClient(connection, { statementLimit: limit * 1_000, settings: ABANDONED }, apply);
  try {
    return await retry(attempt, {
      patience: limit,
      stop: NEVER,
      isWorthwhile: isLockedOut,
      onFailure: () => {},
    });
  } catch (error) {
    if (!isOverdue(error) && !isLockedOut(error)) throw error;
    throw new StartError(
      `${step} took longer than FERRULE_MIGRATION_TIMEOUT (${limit} s). Look whether the database is blocked or ` +
        'out of reach, or set a longer time, and start again.',
    );
  }
}

/** Until the end of the transaction, no other process migrates the database. */
export async function lockMigrations(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
}

/** In the transaction of the caller, who has locked the migrations. @returns names of the applied migrations. */
export async function applyPending(
  client: Pick<pg.ClientBase, 'query'>,
  migrations: readonly Migration[],
  onNext: (migration: Migration) => void = () => {},
): Promise<string[]> {
  await client.query(
    `create table if not exists schema_migrations (
       number integer primary key,
       name text not null,
       checksum text not null,
       applied_at timestamptz not null default now()
     )`,
  );
  const pending = pendingOf(await applied(client), migrations);
  await lockTables(client, pending);
  for (const migration of pending) {
    onNext(migration);
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      checksum(migration),
    ]);
  }
  return pending.map(label);
}

/**
 * As strongly as any of the migrations needs: one that first has a weaker lock of a table deadlocks with those who
 * write it.
 */
async function lockTables(
  client: Pick<pg.ClientBase, 'query'>,
  migrations: readonly Migration[],
): Promise<void> {
  const named = migrations.flatMap(({ sql }) =>
    [...sql.matchAll(/\b(?:table|on|references)\s+(\w+)/gi)].map(([, name = '']) => name.toLowerCase()),
  );
  const { rows } = await client.query<{ name: string }>(
    `select distinct pg_class.oid::regclass::text as name
     from unnest($1::text[]) as named (name) join pg_class on pg_class.oid = to_regclass(named.name)
     where relkind = 'r' order by 1`,
    [named],
  );
  if (rows.length === 0) return;
  await client.query(`lock table ${rows.map(({ name }) => name).join(', ')} in access exclusive mode`);
}

export async function pendingMigrations(connection: Connection): Promise<string[]> {
  const look = async (client: pg.Client): Promise<string[]> => {
    const { rows } = await client.query<{ there: boolean }>(
      `select to_regclass('schema_migrations') is not null as there`,
    );
    return pendingOf(rows[0]?.there === true ? await applied(client) : [], MIGRATIONS).map(label);
  };
  return withClient(connection, { statementLimit: LOOK_MS }, look);
}

export async function applied(client: Pick<pg.ClientBase, 'query'>): Promise<AppliedRow[]> {
  const { rows } = await client.query<AppliedRow>(
    'select number, name, checksum from schema_migrations order by number',
  );
  return rows;
}

/** @param subject what has the rows, for the error. @throws MigrationError if they are not of this version. */
export function pendingOf(
  rows: readonly AppliedRow[],
  migrations: readonly Migration[],
  subject = 'database',
): Migration[] {
  for (const row of rows) {
    const migration = migrations.find(({ number }) => number === row.number);
    if (migration === undefined) {
      throw new MigrationError(
        `The ${subject} is newer than this version of Ferrule: it has the migration ${label(row)}. ` +
          'Use the version that made it, or a later one.',
      );
    }
    if (checksum(migration) !== row.checksum) {
      throw new MigrationError(
        `The migration ${label(row)} was applied to the ${subject} in another form than this version has.`,
      );
    }
  }
  const done = new Set(rows.map(({ number }) => number));
  return migrations.filter(({ number }) => !done.has(number));
}

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}

function label({ number, name }: { number: number; name: string }): string {
  return `${String(number).padStart(4, '0')}-${name}`;
}

function isLockedOut(error: unknown): boolean {
  return LOCKED_OUT.includes(codeOf(error) ?? '');
}

function isOverdue(error: unknown): boolean {
  return codeOf(error) === QUERY_CANCELED || /query read timeout/i.test(String(error));
}
