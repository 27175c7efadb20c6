import { isAlive } from './is-alive.js';

/**
 * SQL: whether no call waits for the lock of a node that may take it before the asker. A call waits until its time is over,
 * as long as its process is alive.
 *
 * @param nodeId an SQL expression. @param number one, too: the asker's own in the line; null if it does not stand there.
 */
export function isFirst(nodeId: string, number: string): string {
  return `not exists (
    select from lock_waiters waiting
    where waiting.node_id = ${nodeId} and (${number} is null or waiting.number < ${number})
      and waiting.until > now() and ${isAlive('waiting.conductor_id')})`;
}
