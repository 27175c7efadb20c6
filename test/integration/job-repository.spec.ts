import pg from 'pg';
import { type Database } from '../../src/database/database.js';
import { type ChangeKey } from '../../src/jobs/record/position.js';
import { JobPages } from '../../src/jobs/record/job-pages.js';
import { JobRepository } from '../../src/jobs/record/job.repository.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

describe('the repository of jobs', () => {
  let place: TestDatabase;
  let database: Database;
  let jobs: JobRepository;
  let pages: JobPages;
  let session: pg.Client;

  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
    [jobs, pages] = [new JobRepository(database), new JobPages(database)];
    session = new pg.Client({ ...place.connection });
    await session.connect();
  });
  afterAll(async () => {
    await session.end();
    await database.close();
    await place.drop();
  });
  afterEach(() => session.query('delete from jobs'));

  const insert = (count: number) =>
    session.query<{ id: string }>(
      `insert into jobs (id, state, driver, vendor_interface, method, http_method, args, request_id, result, finished_at)
       select gen_random_uuid(), 'succeeded', 'd', 'v', 'm', 'POST', '{}', 'req', '1', now() - interval '1 day'
       from generate_series(1, $1) returning id`,
      [count],
    );

  it('lists more jobs than a statement can have parameters', async () => {
    await insert(66_000);
    const page = await pages.list({
      visible: undefined,
      sortKey: 'created_at',
      sortDir: 'desc',
      limit: 100_000,
    });
    expect(page.jobs).toHaveLength(66_000);
    expect(page.jobs.at(-1)?.result).toBe('1');
  });

  it('gives changed jobs in small pages, since they are kept while a client takes them', async () => {
    const { rows } = await insert(20);
    await session.query(
      `update jobs set result = to_json(repeat('x', 100000)), state = state where id = any ($1)`,
      [rows.map(({ id }) => id)],
    );
    const { rows: snapshots } = await session.query<{ now: string }>(
      'select pg_current_snapshot()::text as now',
    );
    const found: string[] = [];
    let after: ChangeKey | undefined;
    for (let isFull = true; isFull;) {
      const window = { since: '1:1:', until: snapshots[0]?.now ?? '', after };
      const page = await pages.changed({ window, limit: 200, visible: undefined });
      const size = page.jobs.reduce((sum, { job }) => sum + (job.result?.length ?? 0), 0);
      expect(size).toBeLessThan(400_000);
      found.push(...page.jobs.map(({ job }) => job.id));
      after = page.jobs.at(-1)?.key;
      ({ isFull } = page);
    }
    expect(found.filter((id) => rows.some((row) => row.id === id)).sort()).toEqual(
      rows.map(({ id }) => id).sort(),
    );
  });

  it('deletes old jobs without waiting for one that another session has locked', async () => {
    const { rows } = await insert(3);
    await session.query('begin');
    await session.query('select from jobs where id = $1 for update', [rows[1]?.id]);
    expect((await jobs.deleteEnded(await jobs.keptSince({ seconds: 60 }), 100)).count).toBe(2);
    await session.query('commit');
    expect((await jobs.deleteEnded(await jobs.keptSince({ seconds: 60 }), 100)).count).toBe(1);
  });

  it('keeps the newest, as many as it is told', async () => {
    const { rows } = await insert(5);
    await session.query(
      `update jobs set finished_at = now() - ordinality * interval '1 minute'
       from unnest($1::uuid[]) with ordinality as known (id, ordinality) where jobs.id = known.id`,
      [rows.map(({ id }) => id)],
    );
    const kept = { seconds: 86_400, count: 3 };
    const { count, last: since } = await jobs.deleteEnded(await jobs.keptSince(kept), 1);
    expect(count).toBe(1);
    expect((await jobs.deleteEnded(await jobs.keptSince(kept), 100, { since })).count).toBe(1);
    expect((await jobs.deleteEnded(await jobs.keptSince(kept), 100)).count).toBe(0);
    const left = await session.query<{ id: string }>('select id from jobs order by finished_at desc');
    expect(left.rows).toEqual(rows.slice(0, 3));
  });
});
