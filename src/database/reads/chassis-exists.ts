import { type Statements } from '../database.js';

const EXISTS = { name: 'chassis-exists', text: 'select from chassis where uuid = $1' };

export async function chassisExists(statements: Statements, uuid: string): Promise<boolean> {
  return (await statements.query(EXISTS, [uuid])).length > 0;
}
