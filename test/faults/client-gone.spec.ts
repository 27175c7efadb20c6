import { ended, jobOf } from '../support/passthru.js';
import { type Proxy } from '../support/proxy.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

/** The attempts of a call go on for longer than the test. */
const WAITING = { FERRULE_LOCK_TRIES: '1000', FERRULE_LOCK_INTERVAL: '50ms' };

describe('A client that hangs up', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let watch: WatchFile;
  let service: Service;
  let proxy: Proxy;
  beforeAll(async () => {
    directory = await dataDirectory({ isNew: true });
    database = await ProxiedDatabase.create();
    watch = new WatchFile(directory.path);
    const way = await database.way();
    proxy = way.proxy;
    service = await directory.start({ ...watch.env, ...way.env, ...WAITING });
  });
  afterAll(async () => {
    await directory.dispose();
    await database.dispose();
  });

  it.each([
    ['a synchronous call', 'watch', /reservation-acquire/, 'watch_job', /accept-jobs/],
    ['a job', 'watch_job', /accept-jobs/, 'watch', /reservation-acquire/],
  ])(
    'ends the waiting for a lock of %s, leaves no lock, and is no error in the log',
    async (_, method, attempt, otherMethod, otherAttempt) => {
      const { http } = service;
      const gate = watch.gate();
      const node = await watchedNode(http);
      const first = call(http, node, 'watch', { id: `first ${method}`, gate: gate.path });
      await until(() => watch.has('begin', `first ${method}`));

      const attempts = proxy.count(attempt);
      const client = new AbortController();
      const path = `/v1/nodes/${node}/vendor_passthru/${method}`;
      const waiting = http.post(path, { id: `gone ${method}` }, { signal: client.signal });
      const gone = expect(waiting).rejects.toThrow(/abort/i);
      await until(() => attempts() > 2);
      client.abort();
      await gone;
      // The attempts of another client are the clock: the service has noticed the end after the first ones.
      const ticks = proxy.count(otherAttempt);
      const next = call(http, node, otherMethod, { id: `next ${method}` });
      await until(() => ticks() > 5);
      const before = attempts();
      await until(() => ticks() > 15);
      expect(attempts()).toBe(before);

      gate.open();
      const held = (await first).expect(200).json<{ fence: number }>();
      const result =
        otherMethod === 'watch' ? (await next).json() : (await ended(http, jobOf(await next))).result;
      expect(result).toEqual({ id: `next ${method}`, fence: held.fence + 1 });
      expect(watch.has('begin', `gone ${method}`)).toBe(false);
      const { jobs } = (await http.get(`/v1/jobs?node=${node}`)).json<{ jobs: unknown[] }>();
      expect(jobs).toHaveLength(otherMethod === 'watch' ? 0 : 1);
      const lines = service.log.split('\n').filter((line) => /"level":"(error|warn)"/.test(line));
      expect(lines.filter((line) => line.includes(node) || line.includes('"request_id"'))).toEqual([]);
    },
  );

  it('ends a method that only reads, by any verb, and none that changes something', async () => {
    const { http } = service;
    const node = await watchedNode(http);
    const path = `/v1/nodes/${node}/vendor_passthru`;
    const gate = watch.gate();
    const given = new URLSearchParams({ id: 'changing', gate: gate.path });
    const [changing, reading] = [new AbortController(), new AbortController()];
    const calls = [
      http.get(`${path}/probe?${given.toString()}`, { signal: changing.signal }),
      http.post(`${path}/peek`, { id: 'reading', gate: gate.path }, { signal: reading.signal }),
    ];
    const gone = Promise.all(calls.map((each) => expect(each).rejects.toThrow(/abort/i)));
    await until(() => watch.has('begin', 'changing') && watch.has('begin', 'reading'));
    changing.abort();
    reading.abort();
    await gone;
    await until(() => watch.has('abort', 'reading'));
    gate.open();
    await until(() => watch.has('end', 'changing'));
  });
});
