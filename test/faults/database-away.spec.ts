import { type Proxy } from '../support/proxy.js';
import { linesWithoutIds } from '../support/log-lines.js';
import { jobOf, unlocked } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const REQUESTS = 500;

describe('A service whose database is away', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let watch: WatchFile;
  let service: Service;
  let proxy: Proxy;
  beforeEach(async () => {
    directory = await dataDirectory({ isNew: true });
    database = await ProxiedDatabase.create();
    watch = new WatchFile(directory.path);
    const way = await database.way();
    proxy = way.proxy;
    service = await directory.start({ ...watch.env, ...way.env });
  });
  afterEach(async () => {
    proxy.thaw();
    proxy.resume();
    await directory.dispose();
    await database.dispose();
    expect(linesWithoutIds(service.log)).toEqual([]);
  });

  it('answers reads and calls with 503, names the database in /readyz, and recovers when it is back', async () => {
    const { http } = service;
    const node = await watchedNode(http);
    proxy.refuse();
    await until(async () => (await http.get('/readyz')).status === 503);
    expect((await http.get('/readyz')).text).toMatch(/database/);
    for (const answer of [
      await http.get(`/v1/nodes/${node}`),
      await http.get('/v1/nodes'),
      await http.get('/v1/jobs'),
      await hold(http, node, 'away'),
      await hold(http, node, 'away', 0, 'watch_job'),
      await hold(http, node, 'away', 0, 'look'),
    ]) {
      expect(answer?.status).toBe(503);
      expect(answer?.fault.faultstring).not.toMatch(/ECONN|postgres|127\.0\.0\.1/i);
    }
    proxy.resume();
    await service.ready();
    await until(async () => (await hold(http, node, 'back'))?.status === 200);
    await unlocked(http, node);
    expect(watch.has('begin', 'away')).toBe(false);
  });

  it('answers a write with 500 if the answer to it was lost, because its outcome is unknown', async () => {
    const { http } = service;
    const name = 'written-or-not';
    proxy.loseNextAnswer(/insert into "?nodes/, 'by a cut');
    const body = { driver: 'watched-hardware', vendor_interface: 'watch', name };
    const answer = await http.post('/v1/nodes', body);
    expect(answer.status).toBe(500);
    expect(answer.fault.faultstring).toMatch(/outcome is unknown/i);
    expect(proxy.pending).toBe(0);
    (await http.get(`/v1/nodes/${name}`)).expect(200);
  });

  it('records a result while it drains, although the database was away for a part of that time', async () => {
    const { http } = service;
    const gate = watch.gate();
    const node = await watchedNode(http);
    const answer = await call(http, node, 'watch_job', { id: 'drained', gate: gate.path });
    const id = jobOf(answer).split('/').at(-1);
    await until(() => watch.has('begin', 'drained'));
    service.kill('SIGTERM');
    await until(() => service.log.includes('SIGTERM: stopping'));
    proxy.refuse();
    gate.open();
    await until(() => service.log.includes(`The end of job ${id} could not be recorded yet`));
    proxy.resume();
    expect(await service.ended()).toBe(0);
    const [job] = await database.sql('select state, result from jobs where id = $1', [id]);
    expect(job).toMatchObject({ state: 'succeeded', result: { id: 'drained' } });
    expect(await database.sql('select token from reservations where token is not null')).toEqual([]);
  });

  it('logs fewer lines than it has requests, and no stacks', async () => {
    const { http } = service;
    const node = await watchedNode(http);
    const before = service.log.length;
    proxy.refuse();
    for (let sent = 0; sent < REQUESTS; sent += 25) {
      await Promise.all(Array.from({ length: 25 }, () => hold(http, node, 'away', 0, 'look')));
    }
    const lines = service.log.slice(before).split('\n').slice(0, -1);
    expect(lines.filter((line) => line.includes('ErrorFilter'))).not.toEqual([]);
    // With those of the sessions that broke and of the queue.
    expect(lines.length).toBeLessThan(REQUESTS);
    expect(lines.filter((line) => /^\s+at /.test(line) || line.includes('\\n    at '))).toEqual([]);
  });
});
