import { type Statements } from '../database.js';

const GIVE_BACK = {
  name: 'give-back-jobs',
  text: `
    update jobs set state = 'queued', conductor = null, conductor_id = null, started_at = null, enqueued_at = now()
    where id = any ($1::uuid[]) and state || '' = 'running' and conductor_id = $2
    returning id`,
};

const GIVE_BACK_FORGOTTEN = {
  name: 'give-back-forgotten-jobs',
  text: `
    with forgotten as materialized (
      select id from jobs
      where state = 'running' and conductor_id = $1 and id <> all ($2::uuid[])
        and started_at < now() - $3 * interval '1 second'
      order by id for update)
    update jobs set state = 'queued', conductor = null, conductor_id = null, started_at = null, enqueued_at = now()
    from forgotten where jobs.id = forgotten.id
    returning jobs.id`,
};

/**
 * Puts adopted jobs back into the queue, with the locks that they have. Only for jobs whose methods have not
 * begun: they may be run by another process.
 *
 * @returns the ids that were given back; the others were this conductor's no more.
 */
export async function giveBack(
  statements: Statements,
  ids: readonly string[],
  conductorId: string,
): Promise<string[]> {
  return idsOf(await statements.query<{ id: string }>(GIVE_BACK, [ids, conductorId]));
}

/**
 * Puts back what the database says that this conductor runs, and what it knows nothing of: the answer to an
 * adoption was lost, so the method has not begun.
 *
 * @param known ids of all jobs that it runs or is adopting, gathered before this call.
 * @param seconds for how long a job has to look running, at least; longer than an adoption can take.
 */
export async function giveBackForgotten(
  statements: Statements,
  conductorId: string,
  known: readonly string[],
  seconds: number,
): Promise<string[]> {
  return idsOf(await statements.query<{ id: string }>(GIVE_BACK_FORGOTTEN, [conductorId, known, seconds]));
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
