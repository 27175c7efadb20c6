import pg from 'pg';
import { silent } from '../../src/logging/log.js';
import { DiskWatch } from '../../src/database/faults/disk-watch.js';
import { Sessions } from '../../src/database/sessions/sessions.js';
import { Database } from '../../src/database/database.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const AT_ONCE = 20;
const ROUNDS = 10;

describe('the sessions of a process', () => {
  let place: TestDatabase;
  let database: Database;
  let observer: pg.Client;
  beforeEach(async () => {
    place = await testDatabase();
    database = Database.at(place.connection, silent);
    observer = new pg.Client({ ...place.connection, application_name: 'observer' });
    await observer.connect();
  });
  afterEach(async () => {
    await observer.end();
    await database.close();
    await place.drop();
  });

  async function sessions(): Promise<number> {
    const { rows } = await observer.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and application_name = 'ferrule'`,
    );
    return rows[0]?.count ?? 0;
  }

  /** @returns the most sessions that were seen meanwhile. */
  async function load(): Promise<number> {
    const text = 'select pg_sleep(0.001)';
    const pools = { main: database, hot: database.hot, relaxed: database.relaxed };
    let isOver = false;
    const work = Object.entries(pools).flatMap(([name, pool]) =>
      Array.from({ length: AT_ONCE }, async () => {
        for (let round = 0; round < ROUNDS; round++) await pool.query({ name: `sleep-${name}`, text }, []);
      }),
    );
    const done = Promise.all(work).finally(() => (isOver = true));
    let most = 0;
    while (!isOver) most = Math.max(most, await sessions());
    await done;
    return most;
  }

  it.each([1, 2, 3, 7])('are at most %s, and every statement gets one', async (limit) => {
    database.budget.limit = limit;
    const most = await load();
    expect(most).toBeGreaterThan(0);
    // PostgreSQL lists a session for a moment after its client has closed it.
    expect(most).toBeLessThanOrEqual(limit + 1);
  });

  it('are waited for as long as a statement may take, when there is not one for each pool', async () => {
    database.budget.limit = 1;
    const sleep = { name: 'sleep-long', text: 'select pg_sleep(4)' };
    const answers = [
      database.query(sleep, []),
      database.hot.query({ name: 'one', text: 'select 1 as one' }, []),
    ];
    expect((await Promise.all(answers)).map((rows) => rows.length)).toEqual([1, 1]);
  });

  it('are shared anew when a pool has ended and another is opened', async () => {
    const open = () =>
      new Sessions(place.connection, { max: 8 }, { warn: () => {}, disk: new DiskWatch() }, database.budget);
    database.budget.limit = 16;
    const first = open();
    await first.end();
    const second = open();
    const share = second.usage.max;
    await second.end();
    expect(share).toBe(4);
  });

  it('are fewer in the pools while others are open beside them', async () => {
    database.budget.limit = 12;
    const shares = () => ['main', 'hot', 'relaxed'].map((pool) => database.usage[pool]?.max);
    expect(shares()).toEqual([4, 4, 4]);
    const beside = Array.from({ length: 3 }, () => new database.budget.beside.Client(place.connection));
    await Promise.all(beside.map((client) => client.connect()));
    expect(shares()).toEqual([3, 3, 3]);
    // As BullMQ does before it ends its session.
    for (const client of beside) client.removeAllListeners();
    await Promise.all(beside.map((client) => client.end()));
    await until(() => shares().every((share) => share === 4));
  });

  it('become fewer when the limit falls', async () => {
    await load();
    database.budget.limit = 1;
    await until(async () => (await sessions()) <= 1);
    expect(await load()).toBeLessThanOrEqual(2);
  });

  it('wait a while for a server that has none left', async () => {
    const name = `few_${process.pid}`;
    await observer.query(`create role ${name} login connection limit 1`);
    const other = new pg.Client({ ...place.connection, user: name });
    await other.connect();
    const few = Database.at({ ...place.connection, user: name }, silent);
    try {
      const answer = few.query<{ one: number }>({ name: 'one', text: 'select 1 as one' }, []);
      const refused = async () =>
        (await observer.query(`select from pg_stat_activity where usename = '${name}'`)).rowCount === 1;
      await until(refused);
      await other.end();
      expect(await answer).toEqual([{ one: 1 }]);
    } finally {
      await few.close();
      await observer.query(`drop role ${name}`);
    }
  });

  it('do not compile statements, whatever the default of the server', async () => {
    await observer.query(
      `do $$ begin execute 'alter database ' || current_database() || ' set jit = on'; end $$`,
    );
    const show = { name: 'show', text: 'show jit' };
    const { hot, relaxed, lease } = database;
    const answers = await Promise.all([database, hot, relaxed, lease].map((pool) => pool.query(show, [])));
    expect(answers.flat()).toEqual(Array.from({ length: 4 }, () => ({ jit: 'off' })));
  });
});
