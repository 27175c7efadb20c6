import { type NewJobRow } from '../../../src/database/transitions/accept.js';
import { type AdoptedRow } from '../../../src/database/transitions/adopt.js';
import { enqueueAgain } from '../../../src/database/transitions/enqueue-again.js';
import { finish } from '../../../src/database/transitions/finish.js';
import { giveBack, giveBackForgotten } from '../../../src/database/transitions/give-back.js';
import { ending, newJob, type Row, TransitionStage } from './stage.js';
import { AUDITED } from '../../support/database.js';

const SERVED = { drivers: ['fake-hardware'], group: '' };

describe('giveBack and enqueueAgain', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
  });
  afterAll(() => stage.close());

  it('puts a job back with its lock', async () => {
    const node = await stage.newNode();
    const job = await stage.running(node);
    await giveBack(database.hot, { id: job.id, adoption: 1 });
    expect(await stage.jobRow(job.id)).toMatchObject({ state: 'queued', conductor: null, started_at: null });
    const again = (await stage.adoptOne(job.id, stage.other)) as AdoptedRow<Row>;
    expect(again).toMatchObject({ token: job.token, fence: '1', adoption: 2 });
  });

  it('changes nothing when it is executed late, after the same process adopted the job again', async () => {
    const job = await stage.running(null);
    const first = { id: job.id, adoption: 1 };
    await giveBack(database.hot, first);
    await stage.adoptOne(job.id);
    await giveBack(database.hot, first);
    expect(await stage.jobRow(job.id)).toMatchObject({ state: 'running', conductor_id: stage.conductor.id });
    await finish(database.hot, [ending(job.id, { adoption: 2 })], [], AUDITED);
  });

  it('finds jobs whose adoption was never answered', async () => {
    const look = (known: NewJobRow[], before: string) =>
      giveBackForgotten(
        database.hot,
        stage.conductor.id,
        known.map(({ id }) => id),
        before,
      );
    const [known, forgotten] = [await stage.running(null), await stage.running(null)];
    const first = await look([known, forgotten], 'infinity');
    const fresh = await stage.running(null);
    expect((await look([known], first.lookedAt)).ids).toEqual([forgotten.id]);
    expect((await stage.jobRow(fresh.id))?.['state']).toBe('running');
    await finish(database.hot, [ending(known.id), ending(fresh.id)], [], AUDITED);
  });

  it('gives back nothing that started after the earlier look, even if the statement is executed late', async () => {
    const { lookedAt } = await giveBackForgotten(database.hot, stage.conductor.id, [], '-infinity');
    const job = await stage.running(null);
    await stage.sql(`update jobs set started_at = $2::timestamptz + interval '1 microsecond' where id = $1`, [
      job.id,
      lookedAt,
    ]);
    expect((await giveBackForgotten(database.hot, stage.conductor.id, [], lookedAt)).ids).toEqual([]);
    await finish(database.hot, [ending(job.id)], [], AUDITED);
  });

  it('claims overdue jobs for one process at a time, oldest first', async () => {
    await stage.sql(`update jobs set state = 'refused' where state = 'queued'`);
    const jobs = [newJob(null), newJob(null), newJob(null)];
    await stage.acceptAll(...jobs);
    const ids = jobs.map(({ id }) => id);
    await stage.sql(`update jobs set enqueued_at = now() - interval '1 minute' where id = any ($1::uuid[])`, [
      ids,
    ]);
    expect(await enqueueAgain(database.hot, 5, 2, SERVED)).toEqual(expect.arrayContaining(ids.slice(0, 2)));
    const claims = await Promise.all([
      enqueueAgain(database.hot, 5, 9, SERVED),
      enqueueAgain(database.hot, 5, 9, SERVED),
    ]);
    expect(claims.flat()).toEqual([ids[2]]);
  });
});
