import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Database } from '../../../src/database/database.js';
import { jobChanges, jobMoment, type Moment } from '../../../src/database/reads/job-changes.js';
import { JobPages } from '../../../src/jobs/record/job-pages.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

describe('changes of jobs', () => {
  let place: TestDatabase;
  let database: Database;
  let pages: JobPages;
  let first: pg.Client;
  let second: pg.Client;

  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
    pages = new JobPages(database);
    [first, second] = [new pg.Client({ ...place.connection }), new pg.Client({ ...place.connection })];
    await Promise.all([first.connect(), second.connect()]);
  });
  afterAll(async () => {
    await Promise.all([first.end(), second.end()]);
    await database.close();
    await place.drop();
  });

  async function newJob(session = first): Promise<string> {
    const { rows } = await session.query<{ id: string }>(
      `insert into jobs (id, state, driver, vendor_interface, method, http_method, request_id)
       values (gen_random_uuid(), 'queued', 'd', 'v', 'm', 'POST', 'req') returning id`,
    );
    return rows[0]?.id ?? '';
  }

  const run = (session: pg.Client, id: string) =>
    session.query(`update jobs set state = 'running' where id = $1`, [id]);

  const idsBetween = async (since: Moment, until: Moment) => {
    const window = { since: since.snapshot, until: until.snapshot };
    const { jobs } = await pages.changed({ window, limit: 100, visible: undefined });
    return jobs.map(({ job }) => job.id);
  };

  it('are seen once each, whichever transaction commits first', async () => {
    const [slow, fast] = [await newJob(), await newJob()];
    const start = await jobMoment(database.hot);
    await first.query('begin');
    await run(first, slow);
    await second.query('begin');
    await run(second, fast);
    await second.query('commit');
    const middle = await jobChanges(database.hot, start);
    expect(middle.jobs).toEqual([{ id: fast, hasEnded: false }]);
    expect(await idsBetween(start, middle.now)).toEqual([fast]);
    const same = await jobChanges(database.hot, middle.now);
    expect(same.jobs).toEqual([]);
    await first.query('commit');
    const end = await jobChanges(database.hot, same.now);
    expect(end.jobs).toEqual([{ id: slow, hasEnded: false }]);
    expect(await idsBetween(middle.now, end.now)).toEqual([slow]);
    expect(await idsBetween(start, end.now)).toEqual(expect.arrayContaining([slow, fast]));
    // What another statement has changed since then is not of this time.
    await run(second, slow);
    expect(await idsBetween(start, end.now)).toEqual([fast]);
  });

  it('of a transaction that is rolled back are not seen', async () => {
    const start = await jobMoment(database.hot);
    await first.query('begin');
    await newJob();
    const middle = await jobChanges(database.hot, start);
    await first.query('rollback');
    expect([middle.jobs, (await jobChanges(database.hot, middle.now)).jobs]).toEqual([[], []]);
  });

  it('are those of what a job shows', async () => {
    const id = await newJob();
    const changes = async (sql: string) => {
      const before = await jobMoment(database.hot);
      await first.query(`update jobs set ${sql} where id = $1`, [id]);
      return (await jobChanges(database.hot, before)).jobs;
    };
    const seen = [{ id, hasEnded: false }];
    expect(await changes('enqueued_at = now()')).toEqual([]);
    expect(await changes(`state = 'running', conductor = 'a'`)).toEqual(seen);
    expect(await changes(`progress = '{}'`)).toEqual(seen);
    expect(await changes('cancel_requested_at = now()')).toEqual(seen);
    expect(await changes(`state = 'failed', finished_at = now()`)).toEqual([{ id, hasEnded: true }]);
  });

  it('are pages in their order, from a place on', async () => {
    const start = await jobMoment(database.hot);
    const ids = [await newJob(), await newJob(), await newJob()];
    const { now } = await jobChanges(database.hot, start);
    const window = { since: start.snapshot, until: now.snapshot };
    const page = await pages.changed({ window, limit: 2, visible: undefined });
    expect([page.jobs.map(({ job }) => job.id), page.isFull]).toEqual([ids.slice(0, 2), true]);
    const rest = await pages.changed({
      window: { ...window, after: page.jobs.at(-1)?.key },
      limit: 2,
      visible: undefined,
    });
    expect([rest.jobs.map(({ job }) => job.id), rest.isFull]).toEqual([ids.slice(2), false]);
  });

  it('of another history are unknown', async () => {
    const now = await jobMoment(database.hot);
    await first.query('delete from job_history');
    await newJob();
    const after = await jobChanges(database.hot, now);
    expect(after.jobs).toBeUndefined();
    expect(after.now.history).not.toBe(now.history);
    expect((await jobChanges(database.hot, { ...now, history: randomUUID() })).jobs).toBeUndefined();
  });
});
