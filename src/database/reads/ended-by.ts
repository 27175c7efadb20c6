import { type Statements } from '../database.js';
import { type EndingRow } from '../transitions/finish.js';

const ENDED_BY = {
  name: 'job-ended-by',
  text: `
    select from jobs
    where id = $1 and adoptions = $2 and state = $3 and error ->> 'code' is not distinct from $4::text`,
};

/** Whether a job has this end, which its adoption may have recorded without an answer, and not one that another process gave it. */
export async function endedBy(
  statements: Statements,
  { id, adoption, state, error_code: code }: EndingRow,
): Promise<boolean> {
  return (await statements.query(ENDED_BY, [id, adoption, state, code])).length > 0;
}
