import { type Statements } from '../database.js';

const ENQUEUE_AGAIN = {
  name: 'enqueue-jobs-again',
  text: `
    with overdue as materialized (
      select id from jobs
      where state = 'queued' and enqueued_at < now() - $1 * interval '1 second'
        and driver = any($3::text[]) and conductor_group = $4
      order by seq limit $2 for update skip locked),
    claimed as (
      update jobs set enqueued_at = now() from overdue where jobs.id = overdue.id
      returning jobs.id, seq)
    select id from claimed order by seq`,
};

/**
 * Claims queued jobs whose queue entry may be lost; other processes do not claim them again within `seconds`.
 *
 * @param seconds minimum time since a job was last added to the queue.
 * Only jobs of the drivers in the conductor group are claimed.
 *
 * @returns their ids, in the order in which they were accepted.
 */
export async function enqueueAgain(
  statements: Statements,
  seconds: number,
  limit: number,
  { drivers, group }: { readonly drivers: readonly string[]; readonly group: string },
): Promise<string[]> {
  const rows = await statements.query<{ id: string }>(ENQUEUE_AGAIN, [seconds, limit, drivers, group]);
  return rows.map(({ id }) => id);
}
