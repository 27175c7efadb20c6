import { StartError } from '../../config/start-error.js';
import { retry } from '../../waiting/retry.js';
import { type Log } from '../../logging/log.js';
import { reasonOf } from '../../logging/reason-of.js';

const ANSWER_MS = 3_000;
const REFUSALS = /WRONGPASS|NOAUTH|NOPERM|invalid password|no password is set/i;

/** @param patience seconds to keep trying. @throws StartError */
export async function checkRedis(
  url: string,
  { patience, log, stop }: { patience: number; log: Log; stop: AbortSignal },
): Promise<void> {
  try {
    await retry(() => ping(url), {
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
        : `The Redis of FERRULE_REDIS_URL does not answer (${reasonOf(error)}). Start it, correct the URL, or ` +
            'remove the setting to keep the queue in PostgreSQL.',
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
  // The reason of a failure is only in this event; `connect` rejects with "connection closed".
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
