import pg from 'pg';
import { type Database } from '../../../src/database/database.js';
import { Notifications } from '../../../src/database/notifications/notifications.js';
import { SessionBudget } from '../../../src/database/sessions/session-budget.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { Proxy } from '../../support/proxy.js';
import { until } from '../../support/until.js';

describe('notifications between processes', () => {
  let place: TestDatabase;
  let admin: pg.Client;
  const opened: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    place = await testDatabase();
    admin = new pg.Client({ ...place.connection });
    await admin.connect();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });
  afterAll(async () => {
    await admin.end();
    await place.drop();
  });

  function process(connection: Database['connection'] = place.connection): Notifications {
    const database = place.open();
    const notifications = new Notifications({
      relaxed: database.relaxed,
      budget: database.budget,
      connection,
    });
    opened.push({
      close: async () => {
        await notifications.onApplicationShutdown();
        await database.close();
      },
    });
    return notifications;
  }

  /** How often a subscriber was called. The first time is when it listens. */
  function heard(notifications: Notifications, channel: string): () => number {
    let calls = 0;
    notifications.subscribe(channel, () => calls++);
    return () => calls;
  }

  const listening = async () =>
    (
      await admin.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and query ilike 'listen %'`,
      )
    ).rows.map(({ pid }) => pid);

  it('come to the subscribers of their channel in all processes, this one included', async () => {
    const [one, two] = [process(), process()];
    const [own, others, elsewhere] = [heard(one, 'locks'), heard(two, 'locks'), heard(two, 'Jobs "x"')];
    // A process listens again for its second channel.
    await until(() => own() === 1 && others() === 2 && elsewhere() === 2);
    one.notify('locks');
    await until(() => own() === 2 && others() === 3);
    two.notify('Jobs "x"');
    await until(() => elsewhere() === 3);
    expect([own(), others()]).toEqual([2, 3]);
  });

  it('need one session in a process that subscribes, and none in others', async () => {
    const [one, two] = [process(), process()];
    const heards = [heard(one, 'a'), heard(one, 'b'), heard(one, 'a')];
    two.notify('b');
    await until(() => heards.every((calls) => calls() > 0));
    expect(await listening()).toHaveLength(1);
  });

  it('of one moment are one', async () => {
    const one = process();
    const calls = heard(one, 'locks');
    await until(() => calls() === 1);
    for (let turn = 0; turn < 1_000; turn++) one.notify('locks');
    await until(() => calls() > 1);
    one.notify('locks');
    await until(() => calls() > 2);
    expect(calls()).toBe(3);
  });

  it('go on after the listening backend was killed, and subscribers hear that they may have missed some', async () => {
    const one = process();
    const calls = heard(one, 'locks');
    await until(async () => calls() === 1 && (await listening()).length === 1);
    const [pid] = await listening();
    await admin.query('select pg_terminate_backend($1)', [pid]);
    await until(() => calls() === 2);
    one.notify('locks');
    await until(() => calls() === 3);
    expect(await listening()).not.toContain(pid);
  });

  it('go on after their connection was frozen without a word', async () => {
    if (!('host' in place.connection)) throw new TypeError('A test database is on a socket.');
    const { host, port, user, database } = place.connection;
    const proxy = await Proxy.to({ path: `${host}/.s.PGSQL.${port}` });
    opened.push(proxy);
    const one = process({ host: '127.0.0.1', port: proxy.port, user, database });
    const calls = heard(one, 'locks');
    await until(() => calls() === 1);
    proxy.freeze();
    // It opens another, which hangs, too.
    await until(() => proxy.connections > 1);
    proxy.thaw();
    await until(() => calls() > 1);
    const before = calls();
    one.notify('locks');
    await until(() => calls() > before);
  });

  it('are given up when the database does not take them', async () => {
    const fails = { query: () => Promise.reject(new Error('away')) };
    const one = new Notifications({
      relaxed: fails,
      connection: place.connection,
      budget: new SessionBudget(),
    });
    one.notify('locks');
    await expect(one.onApplicationShutdown()).resolves.toBeUndefined();
  });
});
