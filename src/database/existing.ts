import { type Config } from '../config/config.js';
import { StartError } from '../config/start-error.js';
import { type Log } from '../logging/log.js';
import { openFolder } from './embedded/data-folder.js';
import { EmbeddedServer } from './embedded/embedded-server.js';
import { codeOf } from './faults/error-code.js';
import { MigrationError, pendingMigrations } from './migrate.js';
import { MIGRATIONS } from './migrations/index.js';
import { NAME, openDatabase } from './open-database.js';
import { type Connection } from './sessions/connection.js';

const UNKNOWN_DATABASE = '3D000';

interface Options {
  readonly log: Log;
  readonly stop: AbortSignal;
}

/**
 * Works on the database of a service as it is: none is made, and none is brought up to date.
 * @throws StartError if there is none, MigrationError if it is not of this version.
 */
export async function atExisting<T>(
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'databaseWait' | 'migrationTimeout'>,
  options: Options,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl === undefined) {
    return atEmbedded(dataDir, options, async (connection, pending) => {
      if (pending.length > 0) throw outdated(dataDir, pending);
      return work(connection);
    });
  }
  const database = await openDatabase(config, options).database;
  await database.close();
  return work(database.connection);
}

/** @param work gets the migrations that the database lacks, too. */
export async function atEmbedded<T>(
  dataDir: string,
  { log, stop }: Options,
  work: (connection: Connection, pending: readonly string[]) => Promise<T>,
): Promise<T> {
  if (openFolder(dataDir) === undefined) throw missing(dataDir);
  const server = await new EmbeddedServer(dataDir, log).join(stop);
  try {
    const connection = server.connectionTo(NAME);
    return await work(connection, await pendingIn(dataDir, connection));
  } finally {
    await server.leave();
  }
}

async function pendingIn(dataDir: string, connection: Connection): Promise<readonly string[]> {
  try {
    const pending = await pendingMigrations(connection);
    if (pending.length < MIGRATIONS.length) return pending;
  } catch (error) {
    if (codeOf(error) !== UNKNOWN_DATABASE) throw error;
  }
  throw missing(dataDir);
}

function missing(dataDir: string): StartError {
  return new StartError(
    `There is no database in ${dataDir}. Set FERRULE_DATA_DIR to the data directory of the service.`,
  );
}

function outdated(dataDir: string, pending: readonly string[]): MigrationError {
  return new MigrationError(
    `The database in ${dataDir} is older than this version of Ferrule: it lacks ${pending.join(', ')}. Run this with ` +
      'the version that uses it, or start the service with this version first, which brings it up to date.',
  );
}
