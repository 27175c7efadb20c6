import { isHeld } from '../is-held.js';

/**
 * SQL: the name of the holder of a node's lock; null if it has none, or others may take it.
 * @param nodeId an SQL expression. @param now one, too: see `isHeld`.
 */
export function reservationOf(nodeId: string, now: string): string {
  return `(
    select held.holder from reservations held
    where held.node_id = ${nodeId} and ${isHeld('held', now)}
  )`;
}
