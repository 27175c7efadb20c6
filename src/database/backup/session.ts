import { type Config } from '../../config/config.js';
import { StartError } from '../../config/start-error.js';
import { EmbeddedServer } from '../embedded/embedded-server.js';
import { NAME } from '../open-database.js';
import { type Connection } from '../sessions/connection.js';
import { type GuardedClient } from '../sessions/guarded-client.js';
import { withClient } from '../sessions/with-client.js';
import { type Log } from '../../logging/log.js';

/** Statements that copy a table take as long as it is large. */
const SETTINGS = { statement_timeout: '0', bytea_output: 'hex' };

/**
 * Works on one session of the configured database, or of the embedded one, which is started if no process runs it.
 * @param stop ends the session, and with it an open transaction.
 */
export async function inDatabase<T>(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Log,
  stop: AbortSignal,
  work: (client: GuardedClient) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return inSession({ connectionString: databaseUrl }, stop, work);
  const server = await new EmbeddedServer(dataDir, log).join(stop);
  try {
    return await inSession(await server.database(NAME), stop, work);
  } finally {
    await server.leave();
  }
}

export function inSession<T>(
  connection: Connection,
  stop: AbortSignal,
  work: (client: GuardedClient) => Promise<T>,
): Promise<T> {
  return withClient(connection, { settings: SETTINGS }, async (client) => {
    let end = (): void => {};
    const ended = new Promise<never>((_, reject) => {
      end = () => reject(stop.reason as Error);
      if (stop.aborted) end();
      stop.addEventListener('abort', end, { once: true });
      client.once('end', () => reject(new StartError('The connection to the database was lost.')));
    });
    const working = work(client);
    try {
      return await Promise.race([working, ended]);
    } finally {
      stop.removeEventListener('abort', end);
      for (const each of [working, ended]) each.catch(() => {});
    }
  });
}
