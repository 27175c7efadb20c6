import { type Database } from '../database.js';

/** By the index of queued and running jobs. */
const OPEN_JOBS = {
  name: 'open-jobs',
  text: `
    select count(*) filter (where state = 'queued')::int as queued,
           count(*) filter (where state = 'running')::int as running,
           coalesce(extract(epoch from now() - min(created_at) filter (where state = 'queued')), 0)::float8 as "oldestSeconds"
    from jobs where state in ('queued', 'running')`,
};

/** Jobs of all processes. */
export interface OpenJobs {
  readonly queued: number;
  readonly running: number;
  /** Since the oldest queued job was accepted; 0 without one. */
  readonly oldestSeconds: number;
}

export async function openJobs(database: Pick<Database, 'query'>): Promise<OpenJobs> {
  const [row] = await database.query<OpenJobs & Record<string, unknown>>(OPEN_JOBS, []);
  if (row === undefined) throw new Error('An aggregate has no row.');
  return row;
}
