import { isHeld } from '../is-held.js';

/**
 * SQL: the power state that a node is about to have: that of the power change whose job holds its lock; null without one.
 * It is not stored with the node, so it ends with the job however that ends.
 * @param nodeId an SQL expression. @param now one, too: see `isHeld`.
 */
export function powerTargetOf(nodeId: string, now: string): string {
  return `(
    select case when changing.shown_args ->> 'target' like '%power off' then 'power off' else 'power on' end
    from reservations held join jobs changing on changing.id = held.job_id and changing.kind = 'power'
    where held.node_id = ${nodeId} and ${isHeld('held', now)}
  )`;
}
