import { setTimeout as delay } from 'node:timers/promises';
import { unlocked } from '../support/passthru.js';
import { type Proxy } from '../support/proxy.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const INTERVAL_MS = 50;
/** The attempts of a call go on for much longer than PATIENCE_MS. */
const WAITING = { FERRULE_LOCK_TRIES: '1000', FERRULE_LOCK_INTERVAL: `${INTERVAL_MS}ms` };
const PATIENCE_MS = 30_000;

describe('a client that hangs up while it waits for a lock', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let watch: WatchFile;
  let service: Service;
  let proxy: Proxy;
  beforeAll(async () => {
    directory = await dataDirectory();
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
    ['a synchronous call', 'watch', /reservation-acquire/],
    ['a job', 'watch_job', /accept-jobs/],
  ])(
    'ends the waiting of %s, which leaves no lock and is no error in the log',
    async (_, method, attempt) => {
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
      await until(async () => {
        const before = attempts();
        await delay(10 * INTERVAL_MS);
        return attempts() === before;
      }, PATIENCE_MS);

      gate.open();
      const held = (await first).expect(200).json<{ fence: number }>();
      await unlocked(http, node);
      const next = (await hold(http, node, `next ${method}`))?.expect(200).json<{ fence: number }>();
      expect(next?.fence).toBe(held.fence + 1);
      expect(watch.has('begin', `gone ${method}`)).toBe(false);
      expect((await http.get(`/v1/jobs?node=${node}`)).json()).toMatchObject({ jobs: [] });
      expect(service.log.split('\n').filter((line) => /"level":"(error|warn)"/.test(line))).toEqual([]);
    },
  );
});
