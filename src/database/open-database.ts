import { type Config } from '../config/config.js';
import { StartError } from '../config/start-error.js';
import { type Connection } from './connection.js';
import { Database } from './database.js';
import { EmbeddedServer } from './embedded/embedded-server.js';
import { codeOf } from './error-code.js';
import { insist } from './insist.js';
import { type Log } from './log.js';
import { migrate, MigrationError, pendingMigrations } from './migrate.js';

const NAME = 'ferrule';

export interface OpenOptions {
  readonly log: Log;
  /** Bring a database of the operator's own up to date, too. The embedded one always is. */
  readonly migrate?: boolean;
  /** Aborted when the process is to end: a database that does not answer is waited for no longer. */
  readonly stop?: AbortSignal;
}

/** An open database, and the way out for a process that cannot wait until it is closed. */
export interface OpenedDatabase {
  readonly database: Database;
  /** Lets go at once; an embedded server that nobody else needs is killed. */
  abandon(): Promise<void>;
}

type Settings = Pick<Config, 'databaseUrl' | 'dataDir' | 'databaseWait'>;

/**
 * Opens the configured database, or the embedded one.
 * @throws MigrationError when the operator's own needs `ferrule migrate`, or is newer than this code;
 * StartError when it cannot be used.
 */
export async function openDatabase(config: Settings, options: OpenOptions): Promise<OpenedDatabase> {
  const { databaseUrl, databaseWait } = config;
  const { log, migrate: isMigrating = false, stop = new AbortController().signal } = options;
  if (databaseUrl === undefined) return openEmbedded(config.dataDir, log);
  const connection = { connectionString: databaseUrl };
  try {
    await insist(
      async () => (isMigrating ? report(await migrate(connection), log) : refusePending(connection)),
      {
        patience: databaseWait,
        stop,
        isWorthwhile: isAway,
        onFailure: (error, left) => {
          log.warn(
            `The database of FERRULE_DATABASE_URL does not answer yet (${reasonOf(error)}); trying for ${left} s.`,
          );
        },
      },
    );
  } catch (error) {
    throw error instanceof MigrationError ? error : new StartError(problem(error, databaseUrl));
  }
  return { database: Database.at(connection, log), abandon: async () => {} };
}

async function refusePending(connection: Connection): Promise<void> {
  const pending = await pendingMigrations(connection);
  if (pending.length > 0) {
    throw new MigrationError(
      `The database of FERRULE_DATABASE_URL lacks ${pending.join(', ')}. Run: ferrule migrate`,
    );
  }
}

async function openEmbedded(dataDir: string, log: Log): Promise<OpenedDatabase> {
  const server = await EmbeddedServer.join(dataDir, log);
  try {
    const connection = await server.database(NAME);
    report(await migrate(connection), log);
    return {
      database: Database.at(connection, log, () => server.leave()),
      abandon: () => server.abandon(),
    };
  } catch (error) {
    await server.leave();
    throw error;
  }
}

function report(applied: readonly string[], log: Log): void {
  if (applied.length > 0) log.info(`Applied the migrations ${applied.join(', ')}.`);
}

/** Nobody answers there, or the server starts, stops or is full; it may be otherwise in a moment. */
const AWAY = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|EPIPE|08|53|57P)/;

function isAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isAway);
  const code = codeOf(error);
  return code === undefined ? /timeout expired|terminated|ended/i.test(String(error)) : AWAY.test(code);
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
        ? `The database of FERRULE_DATABASE_URL does not answer: ${reason}. Start it, or mend the URL; ` +
            'FERRULE_DATABASE_WAIT is how long it is waited for.'
        : `The database of FERRULE_DATABASE_URL cannot be used: ${reason}`;
  }
}

/** pg gives one reason for each address that a name has, and leaves the message of the whole empty. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ');
  return String(cause).replace(/^\w*Error: /i, '');
}
