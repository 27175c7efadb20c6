import { type Config } from '../config/config.js';
import { type Connection } from './connection.js';
import { Database } from './database.js';
import { EmbeddedServer } from './embedded/embedded-server.js';
import { type Log } from './log.js';
import { migrate, MigrationError, pendingMigrations } from './migrate.js';

const NAME = 'ferrule';

export interface OpenOptions {
  readonly log: Log;
  /** Bring a database of the operator's own up to date, too. The embedded one always is. */
  readonly migrate?: boolean;
}

/** The operator's own database does not let us in; the message says why, and not with which password. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';

  constructor(options: { cause: unknown }) {
    super(`The database of FERRULE_DATABASE_URL cannot be used: ${reasonOf(options.cause)}`, options);
  }
}

/** pg gives one reason for each address that a name has, and leaves the message of the whole empty. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ');
  return String(cause).replace(/^\w*Error: /, '');
}

/**
 * Opens the configured database, or the embedded one.
 * @throws MigrationError when the operator's own needs `ferrule migrate`, or is newer than this code;
 * DatabaseUnreachable when it does not let us in.
 */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  { log, migrate: isMigrating = false }: OpenOptions,
): Promise<Database> {
  if (config.databaseUrl === undefined) return openEmbedded(config.dataDir, log);
  const connection = { connectionString: config.databaseUrl };
  try {
    if (isMigrating) report(await migrate(connection), log);
    else await refusePending(connection);
  } catch (error) {
    throw error instanceof MigrationError ? error : new DatabaseUnreachable({ cause: error });
  }
  return Database.at(connection, log);
}

async function refusePending(connection: Connection): Promise<void> {
  const pending = await pendingMigrations(connection);
  if (pending.length > 0) {
    throw new MigrationError(`The database lacks ${pending.join(', ')}. Run: ferrule migrate`);
  }
}

async function openEmbedded(dataDir: string, log: Log): Promise<Database> {
  const server = await EmbeddedServer.join(dataDir, log);
  try {
    const connection = await server.database(NAME);
    report(await migrate(connection), log);
    return Database.at(connection, log, () => server.leave());
  } catch (error) {
    await server.leave();
    throw error;
  }
}

function report(applied: readonly string[], log: Log): void {
  if (applied.length > 0) log.info(`Applied the migrations ${applied.join(', ')}.`);
}
