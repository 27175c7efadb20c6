import { randomUUID } from 'node:crypto';
import { type Database } from '../../src/database/database.js';

export async function lockNode(database: Database, node: string, holder: string): Promise<void> {
  await database.query(
    {
      name: 'test-lock',
      text: `
        with other as (
          insert into conductors (id, hostname, expires_at) values ($2, $3, now() + interval '1 minute'))
        insert into reservations (node_id, token, fence, holder, purpose, since, conductor_id)
        select id, $2, 1, $3, 'request:test', now(), $2 from nodes
        where uuid::text = $1 or name = $1
        on conflict (node_id) do update
          set token = excluded.token, holder = excluded.holder, purpose = excluded.purpose,
              since = excluded.since, conductor_id = excluded.conductor_id`,
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
        set token = null, holder = null, purpose = null, since = null, conductor_id = null
        where node_id in (select id from nodes where uuid::text = $1 or name = $1)`,
    },
    [node],
  );
}

export async function silenceHolder(database: Database, node: string): Promise<void> {
  await database.query(
    {
      name: 'test-silence',
      text: `
        update conductors set expires_at = now() - interval '1 second'
        where id in (select conductor_id from reservations join nodes on nodes.id = node_id
                     where uuid::text = $1 or name = $1)`,
    },
    [node],
  );
}
