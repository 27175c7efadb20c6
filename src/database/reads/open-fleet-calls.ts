import { type Database } from '../database.js';

/** By the index of those that have not ended. */
const OPEN_FLEET_CALLS = {
  name: 'open-fleet-calls',
  text: `
    select coalesce(json_object_agg(state, count), '{}') as counts,
           greatest(0, coalesce(extract(epoch from now() - min(oldest) filter (where state <> 'paused')), 0))::float8 as "oldestSeconds"
    from (select state, count(*), min(created_at) as oldest from fleet_calls where ended_at is null group by state) counted`,
};

/** Fleet calls of all processes. */
export interface OpenFleetCalls {
  /** By their state. */
  readonly counts: Readonly<Partial<Record<string, number>>>;
  /** Since the oldest that is not paused was made; 0 without one. */
  readonly oldestSeconds: number;
}

export async function openFleetCalls(database: Pick<Database, 'query'>): Promise<OpenFleetCalls> {
  const [row] = await database.query<OpenFleetCalls & Record<string, unknown>>(OPEN_FLEET_CALLS, []);
  if (row === undefined) throw new Error('An aggregate has no row.');
  return row;
}
