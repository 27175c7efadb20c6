import { type Statements } from '../database.js';

const NODE_UUID = { name: 'node-uuid-by-name', text: 'select uuid from nodes where name = $1' };

/** Of the node that has this name now. */
export async function nodeUuid(statements: Statements, name: string): Promise<string | undefined> {
  const [row] = await statements.query<{ uuid: string }>(NODE_UUID, [name]);
  return row?.uuid;
}
