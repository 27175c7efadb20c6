import { type Statements } from '../database.js';

const GIVE_BACK = {
  name: 'give-back-job',
  text: `
    update jobs set state = 'queued', conductor = null, conductor_id = null, started_at = null, enqueued_at = now()
    where id = $1 and state || '' = 'running' and adoptions = $2`,
};

const GIVE_BACK_FORGOTTEN = {
  name: 'give-back-forgotten-jobs',
  text: `
    with forgotten as materialized (
      select id from jobs
      where state = 'running' and conductor_id = $1 and id <> all ($2::uuid[]) and started_at < $3::timestamptz
      order by id for update),
    given as (
      update jobs
      set state = 'queued', conductor = null, conductor_id = null, started_at = null, enqueued_at = now()
      from forgotten where jobs.id = forgotten.id
      returning jobs.id)
    select now() as looked_at, array(select id::text from given) as ids`,
};

/**
 * Returns an adopted job, with its lock, to the queue: only if its method has not started, since another process may run
 * it. Changes nothing if the job ended, was returned before, or was adopted again.
 */
export async function giveBack(
  statements: Statements,
  { id, adoption }: { readonly id: string; readonly adoption: number },
): Promise<void> {
  await statements.query(GIVE_BACK, [id, adoption]);
}

/**
 * Returns jobs that this conductor does not know: the answer to their adoption was lost, so their methods have not
 * started. Jobs adopted after the earlier look are left alone, since the statement may be executed late.
 *
 * @param known ids of all jobs that it runs or is adopting, collected after the answer to the earlier look.
 * @param before `lookedAt` of the earlier look, or `-infinity`.
 */
export async function giveBackForgotten(
  statements: Statements,
  conductorId: string,
  known: readonly string[],
  before: string,
): Promise<{ lookedAt: string; ids: string[] }> {
  const [row] = await statements.query<{ looked_at: string; ids: string[] }>(GIVE_BACK_FORGOTTEN, [
    conductorId,
    known,
    before,
  ]);
  return { lookedAt: row?.looked_at ?? before, ids: row?.ids ?? [] };
}
