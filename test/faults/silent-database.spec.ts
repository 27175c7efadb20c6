import { ended, jobOf } from '../support/passthru.js';
import { type Proxy } from '../support/proxy.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, holdSoon, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const LEASE = { FERRULE_LEASE: '5s' };
/** Longer than any lease here, so that a method ends only by its abort. */
const FOR_LONG = 60_000;

describe('A process that cannot renew its lease', () => {
  let directory: DataDirectory;
  let database: ProxiedDatabase;
  let watch: WatchFile;
  let ways: { proxy: Proxy }[];
  beforeEach(async () => {
    ways = [];
    directory = await dataDirectory({ isNew: true });
    database = await ProxiedDatabase.create();
    watch = new WatchFile(directory.path);
  });
  afterEach(async () => {
    for (const { proxy } of ways) proxy.thaw();
    await directory.dispose();
    await database.dispose();
  });

  async function start(): Promise<{ service: Service; proxy: Proxy }> {
    const way = await database.way();
    ways.push(way);
    return { service: await directory.start({ ...watch.env, ...LEASE, ...way.env }), proxy: way.proxy };
  }

  it.each([
    ['falls silent', (proxy: Proxy) => proxy.freeze()],
    ['refuses every connection', (proxy: Proxy) => proxy.refuse()],
  ])(
    'aborts its call and its job before another process gets their nodes, when the database %s',
    async (_, harm) => {
      const a = await start();
      const [node, worked] = [await watchedNode(a.service.http), await watchedNode(a.service.http)];
      const first = hold(a.service.http, node, 'call', FOR_LONG);
      const job = jobOf(
        await call(a.service.http, worked, 'watch_job', { id: 'job', milliseconds: FOR_LONG }),
      );
      await until(() => watch.has('begin', 'call') && watch.has('begin', 'job'));
      // Only now, since either process could have taken the job.
      const b = await start();

      harm(a.proxy);
      await Promise.all([
        holdSoon(b.service.http, node, 'next of call'),
        holdSoon(b.service.http, worked, 'next of job'),
      ]);
      expect(watch.breaches()).toEqual([]);
      expect(watch.has('abort', 'call') && watch.has('abort', 'job')).toBe(true);
      expect((await first)?.status).toBe(500);
      expect((await ended(b.service.http, job)).state).toBe('outcome-unknown');

      a.proxy.thaw();
      a.proxy.resume();
      await a.service.ready();
      await holdSoon(a.service.http, node, 'afterwards');
      expect(watch.breaches()).toEqual([]);
    },
  );

  it.each([
    ['have long to go', false],
    ['would end now', true],
  ])(
    'aborts a call and a job that %s when it goes on after a suspension longer than its lease',
    async (_, isOpened) => {
      const a = await start();
      const [node, worked] = [await watchedNode(a.service.http), await watchedNode(a.service.http)];
      const gate = watch.gate();
      const first = call(a.service.http, node, 'watch', { id: 'call', gate: gate.path });
      const job = jobOf(await call(a.service.http, worked, 'watch_job', { id: 'job', gate: gate.path }));
      await until(() => watch.has('begin', 'call') && watch.has('begin', 'job'));
      // Only now, since either process could have taken the job.
      const b = await start();

      a.service.kill('SIGSTOP');
      const [next] = await Promise.all([
        holdSoon(b.service.http, node, 'next of call'),
        holdSoon(b.service.http, worked, 'next of job'),
      ]);
      const asleep = watch.lines.length;
      if (isOpened) gate.open();
      a.service.kill('SIGCONT');
      expect((await first).status).toBe(500);
      await until(() => watch.has('abort', 'call') && watch.has('abort', 'job'));
      // A touch that was already in progress when the process was suspended may follow, with an old fence.
      for (const id of ['call', 'job']) {
        const late = watch.lines.slice(asleep).filter((line) => line.id === id && line.what === 'touch');
        expect(late.length).toBeLessThanOrEqual(1);
      }
      expect(watch.has('end', 'call') || watch.has('end', 'job')).toBe(false);
      expect((await ended(a.service.http, job)).state).toBe('outcome-unknown');

      const last = await holdSoon(a.service.http, node, 'afterwards');
      expect(last.json<{ fence: number }>().fence).toBeGreaterThan(next.json<{ fence: number }>().fence);
    },
  );
});
