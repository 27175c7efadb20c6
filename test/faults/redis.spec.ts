import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fields, readJob } from '../support/passthru.js';
import { hasProc, processesOf } from '../support/processes.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { hold, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const NODES = 12;
/** Of a client that was refused. */
const PAUSE_MS = 20;
const HOUR = 3_600_000;
const CTRL_C = '\x03';
/** Less than a queue that never answers would cost, and much more than the rest of a shutdown needs. */
const SHUTDOWN = { FERRULE_SHUTDOWN_TIMEOUT: '10s' };

const FAULTS: [
  string,
  (redis: TestRedis) => void | Promise<void>,
  (redis: TestRedis) => void | Promise<void>,
][] = [
  ['killed', (redis) => redis.kill(), (redis) => redis.restart()],
  ['stopped', (redis) => redis.kill('SIGTERM'), (redis) => redis.restart()],
  ['paused', (redis) => redis.pause(), (redis) => redis.resume()],
];

/** A stopped Redis behaves as a killed one does, so one of them is enough. */
const GONE_AND_SILENT = FAULTS.filter(([name]) => name !== 'stopped');

describeWithProgram('redis-server')('Redis', () => {
  let redis: TestRedis;
  let directory: DataDirectory;
  let watch: WatchFile;
  beforeAll(async () => {
    redis = await startRedis();
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
  });
  afterEach(async () => {
    await redis.recover();
    await directory.stop();
    watch.clear();
  });
  afterAll(async () => {
    await directory.dispose();
    await redis.stop();
  });

  function load(service: Service, nodes: readonly string[]) {
    const statuses: (number | undefined)[] = [];
    const accepted: string[] = [];
    let isOver = false;
    const callers = nodes.map(async (node) => {
      while (!isOver) {
        const id = randomUUID();
        const answer = await hold(service.http, node, id, 0, 'watch_job');
        statuses.push(answer?.status);
        if (answer?.status === 202) accepted.push(id);
        else await delay(PAUSE_MS);
      }
    });
    const end = async (): Promise<void> => {
      isOver = true;
      await Promise.all(callers);
    };
    return { statuses, accepted, end };
  }

  it.each(FAULTS)(
    '%s under load: 503, nothing left locked, and every accepted job is run once',
    async (_, harm, heal) => {
      const service = await directory.start({
        ...watch.env,
        FERRULE_REDIS_URL: redis.url,
      });
      const { http } = service;
      const nodes = await Promise.all(Array.from({ length: NODES }, () => watchedNode(http)));
      const { statuses, accepted, end } = load(service, nodes);
      await until(() => statuses.filter((status) => status === 202).length > 50);

      await harm(redis);
      await until(() => statuses.slice(-20).every((status) => status === 503 || status === 409));
      await until(() => statuses.slice(-20).includes(503));
      await until(async () => {
        const answer = await http.get('/readyz');
        return answer.status === 503 && /queue/.test(answer.text);
      });
      const fresh = await watchedNode(http);
      const refused = await hold(http, fresh, 'refused', 0, 'watch_job');
      expect(refused?.status).toBe(503);
      expect(await fields(http, fresh, 'reservation')).toEqual({ reservation: null });
      expect((await hold(http, fresh, 'sync'))?.status).toBe(200);

      await end();
      await heal(redis);
      await until(() => accepted.every((id) => watch.has('end', id)));
      await service.ready();
      await until(async () => {
        const held = await Promise.all(nodes.map((node) => fields(http, node, 'reservation')));
        return held.every(({ reservation }) => reservation === null);
      });
      expect([...watch.begun().values()].filter((times) => times !== 1)).toEqual([]);
      expect(watch.has('begin', 'refused')).toBe(false);
      expect(new Set(statuses.filter((status) => ![202, 409, 503].includes(status ?? 0)))).toEqual(new Set());
      expect(watch.breaches()).toEqual([]);
    },
  );

  it('killed: the next call is refused, and leaves nothing behind', async () => {
    const service = await directory.start({ ...watch.env, FERRULE_REDIS_URL: redis.url });
    const node = await watchedNode(service.http);
    expect((await hold(service.http, node, 'first', 0, 'watch_job'))?.status).toBe(202);
    await until(async () => (await fields(service.http, node, 'reservation'))['reservation'] === null);
    await redis.kill();
    expect((await hold(service.http, node, 'second', 0, 'watch_job'))?.status).toBe(503);
    expect(await fields(service.http, node, 'reservation')).toEqual({ reservation: null });
  });

  it.each(GONE_AND_SILENT)('%s: the jobs of dead processes are still given up', async (_, harm) => {
    const database = await ProxiedDatabase.create();
    try {
      const way = await database.way();
      const env = { ...watch.env, ...way.env, FERRULE_REDIS_URL: redis.url, FERRULE_LEASE: '5s' };
      const [doomed, other] = [await directory.start(env), await directory.start(env)];
      const node = await watchedNode(doomed.http);
      const [id, path] = await jobOn(doomed, node);
      const { pid } = watch.lines.find((line) => line.id === id) ?? { pid: 0 };
      const [runs, survives] = pid === doomed.pid ? [doomed, other] : [other, doomed];
      await harm(redis);
      await runs.stop('SIGKILL');
      await until(async () => (await readJob(survives.http, path)).state === 'outcome-unknown');
      expect(await fields(survives.http, node, 'reservation')).toEqual({ reservation: null });
      expect((await hold(survives.http, node, 'next'))?.status).toBe(200);
    } finally {
      await directory.stop();
      await database.dispose();
    }
  });

  async function jobOn({ http }: Service, node: string): Promise<[id: string, path: string]> {
    const id = randomUUID();
    const answer = await hold(http, node, id, 60_000, 'watch_job');
    await until(() => watch.has('begin', id));
    return [id, new URL(answer?.headers.location ?? '').pathname];
  }

  it.each(GONE_AND_SILENT)('%s: SIGTERM ends the service in time, with its PostgreSQL', async (_, harm) => {
    const service = await directory.start({ ...watch.env, ...SHUTDOWN, FERRULE_REDIS_URL: redis.url });
    const node = await watchedNode(service.http);
    expect((await hold(service.http, node, 'job', 0, 'watch_job'))?.status).toBe(202);
    await harm(redis);
    const timeout = new AbortController();
    const code = await Promise.race([
      service.stop(),
      until(() => timeout.signal.aborted, 30_000).catch(() => 'hangs'),
    ]);
    timeout.abort();
    expect(code).toBe(0);
    if (hasProc) expect(processesOf(directory.path)).toEqual([]);
  });

  describeWithProgram('script')('paused, on a terminal', () => {
    it('the first Ctrl-C says what it waits for and how long, the second ends at once with its PostgreSQL', async () => {
      const env = { ...watch.env, FERRULE_SHUTDOWN_TIMEOUT: '10m', FERRULE_REDIS_URL: redis.url };
      const service = await directory.startOnTerminal(env);
      const [node, worked] = [await watchedNode(service.http), await watchedNode(service.http)];
      const ids = { call: randomUUID(), job: randomUUID() };
      const call = hold(service.http, node, ids.call, HOUR, 'watch');
      await hold(service.http, worked, ids.job, HOUR, 'watch_job');
      await until(() => watch.has('begin', ids.call) && watch.has('begin', ids.job));
      redis.pause();
      service.type(CTRL_C);
      await until(() =>
        /SIGINT: stopping; waiting up to \d+ s for 2 running methods \(.*watch.*\)\. A second Ctrl-C/.test(
          service.log,
        ),
      );
      expect((await service.http.get('/readyz')).text).toContain('draining');
      // A Ctrl-C just after the first one counts as the same.
      await until(() => {
        service.type(CTRL_C);
        return service.hasEnded;
      });
      expect(await service.ended()).toBe(1);
      await call;
      await until(() => service.log.includes('Ended at once.'));
      await until(() => processesOf(directory.path).length === 0);
    });
  });
});
