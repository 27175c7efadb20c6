import { type Statements } from '../database.js';

const OPEN_JOBS_OF = {
  name: 'open-jobs-of',
  text: `select id from jobs where id = any ($1::uuid[]) and finished_at is null`,
};

/** @returns those of the jobs that have ended, or were deleted. */
export async function endedJobs(statements: Statements, ids: readonly string[]): Promise<string[]> {
  const rows = await statements.query<{ id: string }>(OPEN_JOBS_OF, [ids]);
  const open = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !open.has(id));
}
