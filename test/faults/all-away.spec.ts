import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { hasProc, postmasterOf, processesOf, signal, signalTree } from '../support/processes.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { describeOnlyWhere, describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { type Proxy } from '../support/proxy.js';
import { hold, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const HOUR = 3_600_000;
/** Milliseconds; a shutdown that takes longer hangs. */
const HUNG_MS = 40_000;
const SHUTDOWN = { FERRULE_SHUTDOWN_TIMEOUT: '6s' };

type Harm<T> = (what: T) => void | Promise<void>;

const [killed, frozen]: [Harm<TestRedis>, Harm<TestRedis>] = [
  (redis) => redis.kill(),
  (redis) => redis.pause(),
];

const EMBEDDED: [string, Harm<number>, Harm<TestRedis>][] = [
  ['both killed', (postmaster) => signal(postmaster, 'SIGKILL'), killed],
  ['both frozen', (postmaster) => signalTree(postmaster, 'SIGSTOP'), frozen],
];
const PROXIED: [string, Harm<Proxy>, Harm<TestRedis>][] = [
  ['PostgreSQL refuses connections, Redis is frozen', (proxy) => proxy.refuse(), frozen],
  ['connections to PostgreSQL are frozen, Redis is killed', (proxy) => proxy.freeze(), killed],
];

describeWithProgram('redis-server')(
  'SIGTERM with running methods while PostgreSQL and Redis are away',
  () => {
    let redis: TestRedis;
    let directory: DataDirectory;
    let watch: WatchFile;
    beforeEach(async () => {
      redis = await startRedis();
      directory = await dataDirectory();
      watch = new WatchFile(directory.path);
    });
    afterEach(async () => {
      await redis.recover();
      await directory.dispose();
      await redis.stop();
    });

    /** A call and a job that end only by their abort. */
    async function busy(env: Readonly<Record<string, string>>): Promise<Service> {
      const service = await directory.start({
        ...watch.env,
        ...SHUTDOWN,
        FERRULE_REDIS_URL: redis.url,
        ...env,
      });
      const [called, worked] = [await watchedNode(service.http), await watchedNode(service.http)];
      const ids = [randomUUID(), randomUUID()] as const;
      void hold(service.http, called, ids[0], HOUR).catch(() => {});
      await hold(service.http, worked, ids[1], HOUR, 'watch_job');
      await until(() => ids.every((id) => watch.has('begin', id)));
      return service;
    }

    async function expectEnd(service: Service): Promise<void> {
      service.kill('SIGTERM');
      await until(() => service.hasEnded, HUNG_MS);
      expect(watch.lines.filter(({ what }) => what === 'abort')).toHaveLength(2);
      expect(watch.lines.filter(({ what }) => what === 'end')).toEqual([]);
      if (hasProc) await until(() => processesOf(directory.path).length === 0);
    }

    describeOnlyWhere(hasProc, 'processes are found in /proc')('on the embedded PostgreSQL', () => {
      it.each(EMBEDDED)('ends in time and leaves no process: %s', async (_, harm, harmRedis) => {
        const service = await busy({});
        const postmaster = postmasterOf(join(directory.path, 'data'));
        await Promise.all([harm(postmaster), harmRedis(redis)]);
        await expectEnd(service);
      });
    });

    describe('on a PostgreSQL of its own', () => {
      let database: ProxiedDatabase;
      beforeEach(async () => {
        database = await ProxiedDatabase.create();
      });
      afterEach(async () => {
        await directory.stop();
        await database.dispose();
      });

      it.each(PROXIED)('ends in time: %s', async (_, harm, harmRedis) => {
        const { proxy, env } = await database.way();
        const service = await busy(env);
        await Promise.all([harm(proxy), harmRedis(redis)]);
        await expectEnd(service);
      });
    });
  },
);
