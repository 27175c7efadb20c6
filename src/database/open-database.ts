import { type Config } from '../config/config.js';
import { StartError } from '../config/start-error.js';
import { type Connection } from './sessions/connection.js';
import { Database } from './database.js';
import { EmbeddedServer } from './embedded/embedded-server.js';
import { codeOf } from './faults/error-code.js';
import { retry, type RetryOptions } from '../waiting/retry.js';
import { type Log } from '../logging/log.js';
import { reasonOf } from '../logging/reason-of.js';
import { migrate, MigrationError, pendingMigrations } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';

/** Of the database in the embedded server. */
export const NAME = 'ferrule';

export interface OpenOptions {
  readonly log: Log;
  /** The embedded database is always migrated. */
  readonly migrate?: boolean;
  /** What must succeed before the database is migrated. It may use the database, but not its tables. */
  readonly beforeMigrating?: (database: Database) => Promise<void>;
  /** Aborted at shutdown: ends the waiting for a database that does not answer. */
  readonly stop?: AbortSignal;
}

type Preparation = NonNullable<OpenOptions['beforeMigrating']>;

export interface Opening {
  readonly database: Promise<Database>;
  /** Kills an embedded server that no other process uses, also while it is still being created or started. */
  abandon(): Promise<void>;
}

type Settings = Pick<Config, 'databaseUrl' | 'dataDir' | 'databaseWait' | 'migrationTimeout'>;

/**
 * Opens the configured database, or the embedded one.
 * @returns a promise that rejects with MigrationError if an external database needs `ferrule migrate` or is newer
 * than this code, and with StartError if it cannot be used.
 */
export function openDatabase(config: Settings, options: OpenOptions): Opening {
  const { databaseUrl, databaseWait, migrationTimeout } = config;
  const { log, migrate: isMigrating = false, stop = new AbortController().signal } = options;
  const { beforeMigrating: prepare = async () => {} } = options;
  const patient = {
    patience: databaseWait,
    stop,
    isWorthwhile: isAway,
    onFailure: (error: unknown, left: number) => {
      log.warn(`The database does not answer yet (${reasonOf(error)}); trying for ${left} s.`);
    },
  };
  if (databaseUrl !== undefined) {
    const limit = isMigrating ? migrationTimeout : undefined;
    return { database: openExternal(databaseUrl, limit, log, patient, prepare), abandon: async () => {} };
  }
  const server = new EmbeddedServer(config.dataDir, log);
  return {
    database: openEmbedded(server, migrationTimeout, log, patient, prepare),
    abandon: () => server.abandon(),
  };
}

/** @param migrationLimit seconds; undefined refuses a database that needs migrations. */
async function openExternal(
  url: string,
  migrationLimit: number | undefined,
  log: Log,
  patient: RetryOptions,
  prepare: Preparation,
): Promise<Database> {
  const connection = { connectionString: url };
  const patiently = async <T>(attempt: () => Promise<T>): Promise<T> => {
    try {
      return await retry(attempt, patient);
    } catch (error) {
      if (error instanceof MigrationError || error instanceof StartError) throw error;
      throw new StartError(problem(error, url));
    }
  };
  const database = Database.at(connection, log);
  try {
    if (migrationLimit === undefined) await patiently(() => refusePending(connection));
    await prepare(database);
    if (migrationLimit !== undefined) {
      report(await patiently(() => migrate(connection, migrationLimit)), log);
    }
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function refusePending(connection: Connection): Promise<void> {
  const pending = await pendingMigrations(connection);
  if (pending.length === 0) return;
  const lack = `lacks ${pending.join(', ')}. Run: ferrule migrate`;
  throw new MigrationError(
    pending.length < MIGRATIONS.length
      ? `The database of FERRULE_DATABASE_URL is older than this version of Ferrule: it ${lack}`
      : `The database of FERRULE_DATABASE_URL has no tables of Ferrule: it ${lack}, or correct the URL.`,
  );
}

async function openEmbedded(
  server: EmbeddedServer,
  migrationLimit: number,
  log: Log,
  patient: RetryOptions,
  prepare: Preparation,
): Promise<Database> {
  await server.join(patient.stop);
  let close = () => server.leave();
  try {
    const connection = await server.database(NAME);
    const database = Database.at(connection, log, () => server.leave());
    close = () => database.close();
    await prepare(database);
    report(await retry(() => migrate(connection, migrationLimit), patient), log);
    return database;
  } catch (error) {
    await close();
    throw error;
  }
}

function report(applied: readonly string[], log: Log): void {
  if (applied.length > 0) log.info(`Applied the migrations ${applied.join(', ')}.`);
}

/** Worth a retry: nothing listens there, or the server is starting, stopping or out of connections. */
const AWAY = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|EPIPE|08|53|57014|57P)/;

function isAway(error: unknown): boolean {
  if (error instanceof StartError || error instanceof MigrationError) return false;
  if (error instanceof AggregateError) return error.errors.some(isAway);
  const code = codeOf(error);
  return code === undefined
    ? /timeout expired|read timeout|terminated|\bended\b/i.test(String(error))
    : AWAY.test(code);
}

function problem(error: unknown, url: string): string {
  const { username, pathname } = new URL(url);
  const reason = reasonOf(error);
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return `PostgreSQL refuses the user '${decodeURIComponent(username)}' or the password of FERRULE_DATABASE_URL: ${reason}`;
    case '3D000':
      return `The database '${pathname.slice(1)}' of FERRULE_DATABASE_URL does not exist; create it with: createdb ${pathname.slice(1)}`;
    default:
      return isAway(error)
        ? `The database of FERRULE_DATABASE_URL does not answer: ${reason}. Start it, or correct the URL; ` +
            'FERRULE_DATABASE_WAIT sets how long the service waits for it.'
        : `The database of FERRULE_DATABASE_URL cannot be used: ${reason}`;
  }
}
