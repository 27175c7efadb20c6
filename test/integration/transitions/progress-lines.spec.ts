import { linesText } from '../../../src/database/progress-lines.js';
import { finish } from '../../../src/database/transitions/finish.js';
import { giveBack } from '../../../src/database/transitions/give-back.js';
import { JobRepository } from '../../../src/jobs/record/job.repository.js';
import { AUDITED } from '../../support/database.js';
import { ending, TransitionStage } from './stage.js';

describe('progress lines', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  let jobs: JobRepository;
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
    jobs = new JobRepository(database);
  });
  afterAll(() => stage.close());

  const linesFrom = (first: number, count = 1, text = 'line') =>
    linesText(
      Array.from({ length: count }, (_, index) => ({
        number: first + index,
        reportedAt: performance.now() - (count - index) / 1_000,
        percent: (first + index) / 3,
        message: `${text} ${first + index}`,
      })),
    );
  const store = (id: string, lines: string, adoption = 1) =>
    jobs.storeProgress([{ id, adoption, progress: '{"percent":1,"message":null}', lines }]);
  const shown = async (id: string) => (await jobs.find(id))?.progressLines ?? [];
  const messages = async (id: string) => (await shown(id)).map(({ message }) => message);
  const expected = (first: number, end: number, text = 'line') =>
    Array.from({ length: end - first }, (_, index) => `${text} ${first + index}`);

  it('are the last 100 of 250 reports, oldest first, with their times', async () => {
    const { id } = await stage.running(await stage.newNode());
    expect(await shown(id)).toEqual([]);
    for (const first of [0, 60, 120, 180]) expect(await store(id, linesFrom(first, 60))).toEqual([id]);
    expect(await messages(id)).toEqual(expected(140, 240));
    const lines = linesFrom(240, 10);
    expect(await finish(database.hot, [ending(id, { lines })], [], AUDITED)).toEqual([true]);
    expect(await messages(id)).toEqual(expected(150, 250));
    expect((await shown(id)).map(({ percent, attempt }) => [percent, attempt])).toEqual(
      expected(150, 250).map((_, index) => [(150 + index) / 3, 1]),
    );
    const { finishedAt, startedAt } = (await jobs.find(id)) ?? {};
    const times = (await shown(id)).map(({ at }) => at);
    expect(times.slice(90)).toEqual(times.slice(90).toSorted());
    for (const at of times) {
      expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      expect(at >= String(startedAt) && at <= String(finishedAt)).toBe(true);
    }
    expect(await stage.sql('select from job_progress where job_id = $1', [id])).toHaveLength(100);
    await stage.sql('delete from jobs where id = $1', [id]);
    expect(await stage.sql('select from job_progress where job_id = $1', [id])).toEqual([]);
  });

  it('change nothing when they are sent again, or too late', async () => {
    const { id } = await stage.running(await stage.newNode());
    await store(id, linesFrom(0, 20));
    const before = await shown(id);
    await store(id, linesFrom(0, 20, 'again'));
    expect(await shown(id)).toEqual(before);
    await store(id, linesFrom(120));
    expect((await messages(id)).at(-1)).toBe('line 120');
    await finish(database.hot, [ending(id, { lines: linesFrom(20) })], [], AUDITED);
    const last = await shown(id);
    expect(last.map(({ message }) => message)).toEqual([...expected(0, 20), 'line 120']);
    expect(await store(id, linesFrom(121))).toEqual([]);
    expect(await finish(database.hot, [ending(id, { lines: linesFrom(121) })], [], AUDITED)).toEqual([false]);
    expect(await shown(id)).toEqual(last);
  });

  it('stay after another attempt has begun', async () => {
    const { id } = await stage.running(await stage.newNode());
    await store(id, linesFrom(0, 2, 'first'));
    await giveBack(database.hot, { id, adoption: 1 });
    expect(await stage.adoptOne(id, stage.other)).toMatchObject({ id, adoption: 2 });
    expect(await store(id, linesFrom(2, 1, 'late'), 1)).toEqual([]);
    await store(id, linesFrom(0, 2, 'second'), 2);
    expect((await shown(id)).map(({ attempt, message }) => [attempt, message])).toEqual([
      [1, 'first 0'],
      [1, 'first 1'],
      [2, 'second 0'],
      [2, 'second 1'],
    ]);
    await store(id, linesFrom(2, 97, 'second'), 2);
    expect(await messages(id)).toEqual(['first 1', ...expected(0, 99, 'second')]);
  });

  it('wait for a row that another transition has locked, and do not hold up those of other jobs', async () => {
    const [busy, free] = [await stage.running(null), await stage.running(null)];
    const rows = [busy, free].map(({ id }) => ({
      id,
      adoption: 1,
      progress: 'null',
      lines: linesFrom(0, 1),
    }));
    await database.kysely.transaction().execute(async (transaction) => {
      await transaction.selectFrom('jobs').select('id').where('id', '=', busy.id).forUpdate().execute();
      expect(await jobs.storeProgress(rows)).toEqual([free.id]);
    });
    expect(await messages(busy.id)).toEqual([]);
    expect((await jobs.storeProgress(rows)).toSorted()).toEqual([busy.id, free.id].toSorted());
    expect([await messages(busy.id), await messages(free.id)]).toEqual([['line 0'], ['line 0']]);
  });

  it('are those of their own job when several jobs end together', async () => {
    const [told, silent] = [await stage.running(null), await stage.running(null)];
    const endings = [ending(told.id, { lines: linesFrom(0) }), ending(silent.id)];
    expect(await finish(database.hot, endings, [], AUDITED)).toEqual([true, true]);
    expect([await messages(told.id), await messages(silent.id)]).toEqual([['line 0'], []]);
  });
});
