import { ApiError, ask, withQuery } from './api.js';

/** @import { Lock } from './types.js' */

/**
 * By the UUIDs of their nodes; none for those who may not see locks.
 * @param {AbortSignal} signal @param {string} [node] UUID of the only one.
 */
export async function locksOfNodes(signal, node) {
  try {
    const { locks } = /** @type {{ locks: Lock[] }} */ (await ask(withQuery('v1/locks', { node }), signal));
    return new Map(locks.map((lock) => [lock.node, lock]));
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return new Map();
    throw error;
  }
}
