import { sql } from 'kysely';
import { type Database } from '../../src/database/database.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

describe('Database', () => {
  let place: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    place = await testDatabase();
    database = place.open();
  });

  afterAll(async () => {
    await database.close();
    await place.drop();
  });

  it('reads times as RFC 3339 in UTC with six digits, bigint as text, and parsed JSON', async () => {
    const rows = await database.query(
      {
        name: 'test-types',
        text: `select timestamptz '2026-11-22 18:00:00.5+02' as time, 9007199254740993::bigint as big,
                      '{"b":1,"a":[null]}'::json as json, null::timestamptz as nothing`,
      },
      [],
    );
    expect(rows).toEqual([
      {
        time: '2026-11-22T16:00:00.500000+00:00',
        big: '9007199254740993',
        json: { b: 1, a: [null] },
        nothing: null,
      },
    ]);
  });

  it('waits for the disk at each commit, except in its relaxed sessions', async () => {
    const turnOff = `do $$ begin
      execute format('alter database %I set synchronous_commit = off', current_database());
    end $$`;
    await database.query({ name: 'test-commit-default', text: turnOff }, []);
    const another = place.open();
    try {
      const statement = { name: 'test-commit', text: 'show synchronous_commit' };
      for (const durable of [another, another.hot, another.lease]) {
        expect(await durable.query(statement, [])).toEqual([{ synchronous_commit: 'on' }]);
      }
      expect(await another.relaxed.query(statement, [])).toEqual([{ synchronous_commit: 'off' }]);
    } finally {
      await another.close();
    }
  });

  it('limits the time of every statement', async () => {
    const limit = {
      name: 'test-limit',
      text: `select current_setting('statement_timeout')::interval as "limit"`,
    };
    for (const sessions of [database, database.hot, database.relaxed, database.lease]) {
      const [row] = await sessions.query<{ limit: { seconds: number } }>(limit, []);
      expect(row?.limit.seconds).toBeGreaterThan(0);
      expect(row?.limit.seconds).toBeLessThanOrEqual(10);
    }
    const slow = { name: 'test-slow', text: 'select pg_sleep(600)' };
    await expect(database.lease.query(slow, [])).rejects.toMatchObject({ status: 503 });
    await expect(database.lease.query(limit, [])).resolves.toHaveLength(1);
  });

  it.each<[string, (database: Database, text: string) => Promise<unknown>]>([
    ['a statement', ({ hot }, text) => hot.query({ name: 'test-full-disk', text }, [])],
    ['one of Kysely', ({ kysely }, text) => sql.raw(text).execute(kysely)],
  ])('remembers for a while that the disk was full when %s failed for it', async (_, run) => {
    const another = place.open();
    try {
      await another.ping();
      expect(another.isDiskFull).toBe(false);
      const failed = run(another, `do $$ begin raise exception using errcode = '53100'; end $$`);
      await expect(failed).rejects.toMatchObject({ status: 503 });
      expect(another.isDiskFull).toBe(true);
    } finally {
      await another.close();
    }
  });

  it('has the tables', async () => {
    expect(await database.kysely.selectFrom('nodes').select('uuid').execute()).toEqual([]);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('may be closed twice', async () => {
    const another = place.open();
    await another.ping();
    await Promise.all([another.close(), another.close()]);
    await expect(another.ping()).rejects.toThrow();
  });
});
