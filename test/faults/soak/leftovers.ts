import { type Database } from '../../../src/database/database.js';

const LEFT = {
  name: 'soak-leftovers',
  text: `
    select 'a lock for ' || purpose as what from reservations
    where token is not null and (job_id is not null
      or exists (select from conductors where conductors.id = conductor_id and expires_at > now()))
    union all
    select 'a place in a line' from lock_waiters join conductors on conductors.id = conductor_id
    where until > now() and expires_at > now()
    union all
    select 'an idempotency key of a live process that is running'
    from idempotency_keys join conductors on conductors.id = conductor_id
    where state = 'running' and expires_at > now()
      and not exists (select from jobs where jobs.id = idempotency_keys.job_id)`,
};

/** What is still held when no call and no job runs. A lock of a call is free when the lease of its process has ended. */
export async function leftovers(database: Database): Promise<string[]> {
  const rows = await database.query<{ what: string }>(LEFT, []);
  return rows.map(({ what }) => what);
}
