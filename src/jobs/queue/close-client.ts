import { type QueueClient } from './queue-clients.js';
import { withLimit } from '../../waiting/with-limit.js';

/** A queue that answers needs about a tenth. */
const MOST_MS = 1_000;
/** Share of the time left: the other side and the database are closed afterwards. */
const SHARE = 0.25;

/**
 * Cuts the connections if the queue does not answer in time. An entry that is left over counts as stalled later; its
 * jobs are not run because of it.
 * @param left milliseconds until closing must give up; Infinity if no shutdown is under way.
 */
export async function closeClient(client: QueueClient, left: number): Promise<void> {
  try {
    await withLimit(client.close(), Math.min(MOST_MS, left * SHARE), 'The queue does not answer.');
  } catch {
    // A forced close has no effect once a close has begun, and without a cut ioredis would connect again.
    client
      .getBackend()
      .disconnect()
      .catch(() => {});
  }
}
