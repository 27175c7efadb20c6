import { randomUUID } from 'node:crypto';
import { finish } from '../../../src/database/transitions/finish.js';
import { giveUp } from '../../../src/database/transitions/give-up.js';
import { LAST_ERROR } from '../../../src/jobs/record/job.js';
import { ending, endOf, newJob, TransitionStage } from './stage.js';
import { AUDITED } from '../../support/database.js';

describe('giveUp', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
  });
  afterAll(() => stage.close());

  it('gives up the jobs of dead conductors: unknown outcome, broken lock, new fence', async () => {
    const [lost, alive] = [await stage.newNode(), await stage.newNode()];
    const dead = { id: randomUUID(), hostname: 'cond-dead' };
    await stage.register(dead.id, dead.hostname, '1 hour');
    const [job, kept] = [newJob(lost), await stage.running(alive)];
    await stage.acceptAll(job);
    await stage.adoptOne(job.id, dead);
    expect(
      await giveUp(
        database.hot,
        { message: 'it fell silent', lastError: LAST_ERROR },
        100,
        Infinity,
        AUDITED,
      ),
    ).toEqual([]);
    await stage.sql('delete from conductors where id = $1', [dead.id]);
    expect(
      await giveUp(
        database.hot,
        { message: 'it fell silent', lastError: LAST_ERROR },
        100,
        Infinity,
        AUDITED,
      ),
    ).toEqual([job.id]);
    expect(await stage.jobRow(job.id)).toMatchObject({
      state: 'outcome-unknown',
      error: { code: 'ConductorLost', message: 'it fell silent' },
      args: {},
    });
    expect(await stage.auditOf(job.id)).toEqual([endOf(job, 'outcome-unknown', 'ConductorLost')]);
    expect(await stage.lockOf(lost)).toMatchObject({ token: null, job_id: null, fence: '2' });
    expect(await stage.lockOf(alive)).toMatchObject({ token: kept.token });
    expect(await finish(database.hot, [ending(job.id)], [], AUDITED)).toEqual([false]);
  });
});
