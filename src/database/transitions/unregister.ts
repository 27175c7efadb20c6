import { type Statements } from '../database.js';

const UNREGISTER = {
  name: 'conductor-unregister',
  text: `
    delete from conductors
    where id = $1
      and not exists (select from reservations where conductor_id = $1)
      and not exists (select from jobs where conductor_id = $1 and state = 'running')`,
};

/** Forgets a conductor, unless it has a lock or runs a job; these are then taken from it when its lease has ended. */
export async function unregister(statements: Statements, id: string): Promise<void> {
  await statements.query(UNREGISTER, [id]);
}
