import { type Config } from '../../config/config.js';
import { StartError } from '../../config/start-error.js';
import { type Log } from '../../logging/log.js';
import { withLimit } from '../../waiting/with-limit.js';
import { EmbeddedServer } from '../embedded/embedded-server.js';
import { NAME } from '../open-database.js';
import { type Connection } from '../sessions/connection.js';
import { type GuardedClient } from '../sessions/guarded-client.js';
import { withClient } from '../sessions/with-client.js';

/** Statements that copy a table take as long as it is large. */
const SETTINGS = { statement_timeout: '0', bytea_output: 'hex' };

/** Milliseconds in which work whose session has ended removes what it wrote. */
const TIDY_MS = 5_000;
/** Of the watch in a time of silence. */
const TURNS = 20;

export interface SessionLimits {
  /** Ends the session, and with it an open transaction. */
  readonly stop: AbortSignal;
  /** So does this many milliseconds in which nothing is sent or received. */
  readonly silence: number;
}

/**
 * Works on one session of the configured database, or of the embedded one, which is started if no process runs it.
 */
export async function inDatabase<T>(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Log,
  limits: SessionLimits,
  work: (client: GuardedClient) => Promise<T>,
): Promise<T> {
  if (databaseUrl !== undefined) return inSession({ connectionString: databaseUrl }, limits, work);
  const server = await new EmbeddedServer(dataDir, log).join(limits.stop);
  try {
    return await inSession(await server.database(NAME), limits, work);
  } finally {
    await server.leave();
  }
}

/** Also ends when the work itself, or a disk that it writes to, never would. */
export async function inSession<T>(
  connection: Connection,
  { stop, silence }: SessionLimits,
  work: (client: GuardedClient) => Promise<T>,
): Promise<T> {
  let working: Promise<unknown> = Promise.resolve();
  try {
    return await withClient(connection, { settings: SETTINGS }, async (client) => {
      const over = new AbortController();
      client.once('end', () => over.abort(new StartError('The connection to the database was lost.')));
      const watch = watchSilence(client, silence, (error) => over.abort(error));
      const done = work(client);
      working = done;
      try {
        return await unlessAborted(done, AbortSignal.any([stop, over.signal]));
      } finally {
        clearInterval(watch);
      }
    });
  } finally {
    await withLimit(working, TIDY_MS, 'It is still at work.').catch(() => {});
  }
}

/** Counts its own turns, so that the time in which this process was suspended is none of silence. */
function watchSilence(
  client: GuardedClient,
  silence: number,
  onSilence: (error: StartError) => void,
): NodeJS.Timeout {
  let before = client.transferred;
  let turns = 0;
  return setInterval(() => {
    const now = client.transferred;
    turns = now === before ? turns + 1 : 0;
    before = now;
    if (turns >= TURNS) onSilence(new StartError(silent(silence)));
  }, silence / TURNS);
}

function silent(milliseconds: number): string {
  return (
    `Nothing was sent to PostgreSQL or received from it for ${milliseconds / 1_000} s: it does not answer, or the file ` +
    'or the pipe of the backup does not. If a statement needs longer, set a longer --timeout.'
  );
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => {});
  }
}
