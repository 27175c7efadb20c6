import { StartError } from '../config/start-error.js';
import { insist } from '../database/insist.js';
import { type Log } from '../database/log.js';

const ANSWER_MS = 3_000;
/** What Redis says to those whom it knows and refuses; to try again is of no use. */
const REFUSALS = /WRONGPASS|NOAUTH|NOPERM|invalid password|no password is set/i;

/**
 * Returns when the Redis of the queue answers.
 * @param patience seconds to wait for one that does not.
 * @throws StartError
 */
export async function checkRedis(
  url: string,
  { patience, log, stop }: { patience: number; log: Log; stop: AbortSignal },
): Promise<void> {
  try {
    await insist(() => ping(url), {
      patience,
      stop,
      isWorthwhile: (error) => !REFUSALS.test(String(error)),
      onFailure: (error, left) => {
        log.warn(
          `The Redis of FERRULE_REDIS_URL does not answer yet (${reasonOf(error)}); trying for ${left} s.`,
        );
      },
    });
  } catch (error) {
    throw new StartError(
      REFUSALS.test(String(error))
        ? `Redis refuses the user or the password of FERRULE_REDIS_URL: ${reasonOf(error)}`
        : `The Redis of FERRULE_REDIS_URL does not answer (${reasonOf(error)}). Start it, mend the URL, or leave ` +
            'the setting out: then the queue is in PostgreSQL.',
    );
  }
}

async function ping(url: string): Promise<void> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // A failure to connect is emitted here; `connect` says only that the connection was closed.
  let reason: Error | undefined;
  client.on('error', (error: Error) => (reason = error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
