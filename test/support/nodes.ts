import { randomUUID } from 'node:crypto';
import { INTERFACE_KINDS } from '@ferrule/driver-kit';
import { type Database } from '../../src/database/database.js';

export interface NodeKey {
  readonly id: string;
  readonly uuid: string;
}

const COLUMNS = INTERFACE_KINDS.map((kind) => `${kind}_interface`);
const INSERT = {
  name: 'test-insert-node',
  text: `insert into nodes (uuid, driver, provision_state, ${COLUMNS.join()})
         values ($1, 'fake-hardware', 'enroll', ${COLUMNS.map(() => `'fake'`).join()}) returning id`,
};

/** By SQL, for tests without the service. */
export async function insertNode(database: Database): Promise<NodeKey> {
  const uuid = randomUUID();
  const [row] = await database.query<{ id: string }>(INSERT, [uuid]);
  if (!row) throw new Error('The node was not inserted.');
  return { id: row.id, uuid };
}
