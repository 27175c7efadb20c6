import { type Statements } from '../database.js';

/** By an index of these few jobs. */
const CANCEL_REQUESTS = {
  name: 'cancel-requests',
  text: `
    select id from jobs where state = 'running' and cancel_requested_at is not null and conductor_id = $1`,
};

/** @returns the ids of the jobs that this conductor runs and is to stop. */
export async function cancelRequests(statements: Statements, conductorId: string): Promise<string[]> {
  const rows = await statements.query<{ id: string }>(CANCEL_REQUESTS, [conductorId]);
  return rows.map(({ id }) => id);
}
