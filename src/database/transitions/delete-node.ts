import { type Statements } from '../database.js';

const DELETE_NODE = {
  name: 'node-delete',
  text: `
    with open_jobs as materialized (
      select id from jobs where node_id = $1 and state in ('queued', 'running') order by id for update),
    held as materialized (
      select node_id from reservations
      where node_id = $1 and token = $2 and (select count(*) from open_jobs) >= 0 for update)
    delete from nodes where id = $1 and exists (select from held)
    returning id`,
};

/**
 * Deletes a node with its lock, only if the token holds the lock; its jobs stay, without a node.
 *
 * Jobs are locked first, then the reservation and then the node, as in the other transitions; a plain deletion would lock
 * the node first and could deadlock with them.
 *
 * @returns whether the node was deleted.
 */
export async function deleteNode(statements: Statements, nodeId: string, token: string): Promise<boolean> {
  return (await statements.query(DELETE_NODE, [nodeId, token])).length > 0;
}
