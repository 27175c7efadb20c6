import { randomUUID } from 'node:crypto';
import { JOB_STATES, NEXT_STATES } from '../../../src/database/job-state.js';
import { TransitionStage } from './stage.js';

describe('The states of jobs', () => {
  let stage: TransitionStage;
  beforeAll(async () => {
    stage = await TransitionStage.create();
  });
  afterAll(() => stage.close());

  /** @returns PostgreSQL's complaint. */
  async function change(from: string, to: string): Promise<string | undefined> {
    const id = randomUUID();
    await stage.sql(
      `insert into jobs (id, state, driver, vendor_interface, method, http_method, request_id)
       values ($1, $2, 'd', 'v', 'm', 'POST', 'req-test')`,
      [id, from],
    );
    const refused = await stage.sql('update jobs set state = $2 where id = $1', [id, to]).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect((await stage.jobRow(id))?.['state']).toBe(refused === undefined ? to : from);
    return refused;
  }

  it.each(JOB_STATES)('that may follow %s are the same in the code and in the database', async (from) => {
    const accepted: string[] = [];
    for (const to of JOB_STATES) {
      if (to === from) continue;
      const refused = await change(from, to);
      if (refused === undefined) accepted.push(to);
      else expect(refused).toContain(`A job that is ${from} cannot become ${to}.`);
    }
    expect(accepted.sort()).toEqual([...NEXT_STATES[from]].sort());
  });

  it('may stay, and may not become unknown ones', async () => {
    expect(await change('succeeded', 'succeeded')).toBeUndefined();
    expect(await change('queued', 'done')).toContain('A job that is queued cannot become done.');
  });
});
