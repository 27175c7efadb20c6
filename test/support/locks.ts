import { randomUUID } from 'node:crypto';
import { type Database } from '../../src/database/database.js';

/** Locks a node as another conductor would, for a minute. */
export async function lockNode(database: Database, node: string, holder: string): Promise<void> {
  await database.query(
    {
      name: 'test-lock',
      text: `
        insert into reservations (node_id, token, fence, holder, purpose, since, expires_at)
        select id, $2, 1, $3, 'request:test', now(), now() + interval '1 minute' from nodes
        where uuid::text = $1 or name = $1
        on conflict (node_id) do update
          set token = excluded.token, holder = excluded.holder, purpose = excluded.purpose,
              since = excluded.since, expires_at = excluded.expires_at`,
    },
    [node, randomUUID(), holder],
  );
}

export async function unlockNode(database: Database, node: string): Promise<void> {
  await database.query(
    {
      name: 'test-unlock',
      text: `
        update reservations
        set token = null, holder = null, purpose = null, since = null, expires_at = null
        where node_id in (select id from nodes where uuid::text = $1 or name = $1)`,
    },
    [node],
  );
}
