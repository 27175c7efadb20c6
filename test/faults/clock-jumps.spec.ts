import { ended, jobOf } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, holdSoon, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

describe('the clock of the database', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let watch: WatchFile;
  beforeEach(async () => {
    directory = await dataDirectory({ isNew: true });
    database = await ProxiedDatabase.create();
    watch = new WatchFile(directory.path);
    await giveItAClock();
  });
  afterEach(async () => {
    await directory.dispose();
    await database.dispose();
  });

  /** From now on, `now()` is a function of the test in every new session. */
  async function giveItAClock(): Promise<void> {
    await database.sql('create schema clock');
    await database.sql('create table clock.shift as select interval $$0$$ as by');
    await database.sql(`
      create function clock.now() returns timestamptz language sql stable
      as 'select pg_catalog.now() + by from clock.shift'`);
    const [row] = await database.sql<{ name: string }>('select current_database() as name');
    await database.sql(`alter database "${row?.name}" set search_path = clock, pg_catalog, public`);
  }

  const setClock = (by: string) => database.sql('update clock.shift set by = $1::interval', [by]);

  async function start(): Promise<Service> {
    const { env } = await database.way();
    return directory.start({ ...watch.env, ...env, FERRULE_LEASE: '6s' });
  }

  async function begin(gate: { path: string }) {
    const a = await start();
    const [node, worked] = [await watchedNode(a.http), await watchedNode(a.http)];
    const first = call(a.http, node, 'watch', { id: 'call', gate: gate.path });
    const job = jobOf(await call(a.http, worked, 'watch_job', { id: 'job', gate: gate.path }));
    await until(() => watch.has('begin', 'call') && watch.has('begin', 'job'));
    // Only now, since either process could have taken the job.
    const b = await start();
    return { a, b, node, worked, first, job };
  }

  // By so much that rows of dead conductors are deleted, too.
  it('that is set forward by three days aborts a call and a job before others get their nodes', async () => {
    const { a, b, node, worked, first, job } = await begin({ path: 'never' });
    await setClock('3 days');
    await Promise.all([holdSoon(b.http, node, 'next of call'), holdSoon(b.http, worked, 'next of job')]);
    expect(watch.breaches()).toEqual([]);
    expect(watch.has('abort', 'call') && watch.has('abort', 'job')).toBe(true);
    expect((await first).status).toBe(500);
    expect((await ended(b.http, job)).state).toBe('outcome-unknown');
    await holdSoon(a.http, node, 'afterwards');
    expect(watch.breaches()).toEqual([]);
  });

  it('that is set back by an hour lets calls and jobs go on, and end as always', async () => {
    const gate = watch.gate();
    const { b, node, worked, first, job } = await begin(gate);
    await setClock('-1 hour');
    await until(async () => {
      const [row] = await database.sql<{ renewed: boolean }>(
        'select bool_and(expires_at < pg_catalog.now()) as renewed from conductors',
      );
      return row?.renewed === true;
    });
    for (const each of [node, worked]) expect((await hold(b.http, each, 'refused'))?.status).toBe(409);
    gate.open();
    expect((await first).status).toBe(200);
    expect((await ended(b.http, job)).state).toBe('succeeded');
    for (const each of [node, worked]) await holdSoon(b.http, each, `next on ${each}`);
    expect(watch.breaches()).toEqual([]);
  });
});
