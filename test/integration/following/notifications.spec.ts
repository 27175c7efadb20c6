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

  function heard(notifications: Notifications, channel: string): (string | undefined)[] {
    const messages: (string | undefined)[] = [];
    notifications.subscribe(channel, (payload) => messages.push(payload));
    return messages;
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
    await until(() => [own, others, elsewhere].every((messages) => messages.includes(undefined)));
    one.notify('locks', 'node-1');
    two.notify('Jobs "x"');
    await until(() => own.includes('node-1') && others.includes('node-1') && elsewhere.includes(''));
    expect(own.filter((each) => each !== undefined)).toEqual(['node-1']);
    expect(elsewhere.filter((each) => each !== undefined)).toEqual(['']);
  });

  it('need one session in a process that subscribes, and none in others', async () => {
    const [one, two] = [process(), process()];
    const messages = [heard(one, 'a'), heard(one, 'b'), heard(one, 'a')];
    two.notify('b', 'told');
    await until(() => messages.every((each) => each.includes(undefined)));
    expect(await listening()).toHaveLength(1);
  });

  it('that are the same are told once', async () => {
    const one = process();
    const messages = heard(one, 'locks');
    await until(() => messages.includes(undefined));
    for (let turn = 0; turn < 1_000; turn++) one.notify('locks', String(turn % 3));
    await until(() => messages.includes('2'));
    expect(messages.filter((each) => each !== undefined)).toEqual(['0', '1', '2']);
  });

  it('go on after the listening backend was killed, and subscribers hear that they may have missed some', async () => {
    const one = process();
    const messages = heard(one, 'locks');
    await until(async () => messages.includes(undefined) && (await listening()).length === 1);
    messages.length = 0;
    const [pid] = await listening();
    await admin.query('select pg_terminate_backend($1)', [pid]);
    await until(() => messages.includes(undefined));
    one.notify('locks', 'after');
    await until(() => messages.includes('after'));
    expect(await listening()).not.toContain(pid);
  });

  it('go on after their connection was frozen without a word', async () => {
    if (!('host' in place.connection)) throw new TypeError('A test database is on a socket.');
    const { host, port, user, database } = place.connection;
    const proxy = await Proxy.to({ path: `${host}/.s.PGSQL.${port}` });
    opened.push(proxy);
    const one = process({ host: '127.0.0.1', port: proxy.port, user, database });
    const messages = heard(one, 'locks');
    await until(() => messages.includes(undefined));
    messages.length = 0;
    proxy.freeze();
    // It opens another, which hangs, too.
    await until(() => proxy.connections > 1);
    proxy.thaw();
    await until(() => messages.includes(undefined));
    one.notify('locks', 'after');
    await until(() => messages.includes('after'));
  });

  it('are given up when the database does not take them', async () => {
    const fails = { query: () => Promise.reject(new Error('away')) };
    const one = new Notifications({
      relaxed: fails,
      connection: place.connection,
      budget: new SessionBudget(),
    });
    one.notify('locks', 'lost');
    await one.onApplicationShutdown();
    expect(() => one.notify('locks', 'x'.repeat(8_000))).toThrow(RangeError);
  });
});
