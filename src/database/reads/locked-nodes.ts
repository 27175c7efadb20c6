import { type Database } from '../database.js';
import { nowAtMost } from '../is-alive.js';
import { isHeld } from '../is-held.js';

const LOCKED_NODES = {
  name: 'locked-nodes',
  text: `
    select count(*)::int as count from nodes join reservations held on held.node_id = nodes.id
    where nodes.uuid = any ($1::uuid[]) and ${isHeld('held', nowAtMost('$2'))}`,
};

/** @param latestDatabaseTime see `nowAtMost`. @returns how many of the nodes are locked. */
export async function lockedNodes(
  database: Pick<Database, 'query'>,
  uuids: readonly string[],
  latestDatabaseTime: number,
): Promise<number> {
  const [row] = await database.query<{ count: number }>(LOCKED_NODES, [uuids, latestDatabaseTime]);
  return row?.count ?? 0;
}
