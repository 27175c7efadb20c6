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
 * Returns adopted jobs to the queue; they keep their locks. Only for jobs whose methods have not started, since
 * another process may run them next.
 *
 * @returns the ids that were returned; the others no longer belonged to this conductor.
 */
export async function giveBack(
  statements: Statements,
  ids: readonly string[],
  conductorId: string,
): Promise<string[]> {
  return idsOf(await statements.query<{ id: string }>(GIVE_BACK, [ids, conductorId]));
}

/**
 * Returns jobs that the database assigns to this conductor and that the conductor does not know: the answer to
 * their adoption was lost, so their methods have not started.
 *
 * @param known ids of all jobs that it runs or is adopting, collected before this call.
 * @param seconds minimum time since the adoption; must be longer than an adoption can take.
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
