import { ApiError, ask, withQuery } from './api.js';

/** @import { Lock } from './types.js' */

/**
 * By the UUIDs of their nodes; none for those who may not see locks.
 * @param {AbortSignal} signal @param {readonly string[]} nodes UUIDs of those that are locked.
 */
export async function locksOfNodes(signal, nodes) {
  /** @type {Map<string, Lock>} */
  const found = new Map();
  const only = nodes.length === 1 ? nodes[0] : undefined;
  /** @type {string | undefined} */
  let marker;
  try {
    while (nodes.some((node) => !found.has(node))) {
      const path = withQuery('v1/locks', { node: only, marker });
      const { locks, next } = /** @type {{ locks: Lock[], next?: string }} */ (await ask(path, signal));
      for (const lock of locks) found.set(lock.node, lock);
      // The host of the link may be one that only others can reach.
      marker = locks.at(-1)?.node;
      if (next === undefined) break;
    }
    return found;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return found;
    throw error;
  }
}
