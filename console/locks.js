import { ApiError, ask } from './api.js';

/** @import { Lock } from './types.js' */

/** By the UUIDs of their nodes; none for those who may not see locks. @param {AbortSignal} signal */
export async function locksOfNodes(signal) {
  try {
    const { locks } = /** @type {{ locks: Lock[] }} */ (await ask('v1/locks', signal));
    return new Map(locks.map((lock) => [lock.node, lock]));
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return new Map();
    throw error;
  }
}
