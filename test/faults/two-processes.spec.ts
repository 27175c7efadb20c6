import { randomUUID } from 'node:crypto';
import { ended, fields, jobOf, readJob, unlocked } from '../support/passthru.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, holdSoon, watchedNode } from './calls.js';

const JOBS = 200;
const NODES = 20;
const SLOTS = 8;

describeWithProgram('redis-server')('two processes on one PostgreSQL and one Redis', () => {
  let redis: TestRedis;
  let directory: DataDirectory;
  let watch: WatchFile;
  let services: [Service, Service];
  beforeAll(async () => {
    redis = await startRedis();
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    services = await Promise.all([start('one'), start('two')]);
  });
  afterAll(async () => {
    await directory.dispose();
    await redis.stop();
  });

  function start(name: string): Promise<Service> {
    return directory.start({
      ...watch.env,
      FERRULE_HOSTNAME: name,
      FERRULE_REDIS_URL: redis.url,
      FERRULE_LEASE: '5s',
      FERRULE_CONDUCTOR_CONCURRENCY: String(SLOTS),
    });
  }

  it('run every job once, and share the work', async () => {
    const nodes = await Promise.all(Array.from({ length: NODES }, () => watchedNode(services[0].http)));
    const jobs: { id: string; path: string }[] = [];
    let turn = 0;
    await Promise.all(
      nodes.map(async (node) => {
        while (jobs.length < JOBS) {
          const { http } = services[turn++ % 2] ?? services[0];
          const id = randomUUID();
          const answer = await call(http, node, 'watch_job', { id, milliseconds: 20 });
          if (answer.status === 202) jobs.push({ id, path: jobOf(answer) });
          else expect(answer.status).toBe(409);
        }
      }),
    );
    const documents = await Promise.all(jobs.map(({ path }) => ended(services[1].http, path)));
    expect(documents.map(({ state }) => state)).toEqual(jobs.map(() => 'succeeded'));
    const begun = watch.begun();
    expect(jobs.map(({ id }) => begun.get(id))).toEqual(jobs.map(() => 1));
    const pids = new Set(watch.lines.filter(({ what }) => what === 'begin').map(({ pid }) => pid));
    expect(pids).toEqual(new Set(services.map(({ pid }) => pid)));
    expect(watch.breaches()).toEqual([]);
  });

  it('never hold the lock of a node at the same time', async () => {
    const node = await watchedNode(services[0].http);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        const { http } = services[index % 2] ?? services[0];
        return hold(http, node, `call-${index}`, 10, index % 3 === 0 ? 'watch_job' : 'watch');
      }),
    );
    const statuses = answers.map((answer) => answer?.status ?? 0);
    expect(statuses.filter((status) => ![200, 202, 409].includes(status))).toEqual([]);
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(1);
    await unlocked(services[1].http, node);
    expect(watch.breaches()).toEqual([]);
  });

  it('go on when one is killed: the other gives up its jobs, breaks its locks and runs what had not started', async () => {
    const [one, two] = services;
    const gate = watch.gate();
    const nodes = await Promise.all(Array.from({ length: 24 }, () => watchedNode(two.http)));
    const [called, ...worked] = nodes;
    const sync = hold(one.http, called ?? '', 'sync of the killed', 60_000);
    await until(() => watch.has('begin', 'sync of the killed'));
    // More than both can run, so that some have not started at the crash.
    const jobs = await Promise.all(
      worked.map(async (node, index) => {
        const id = `killed-${index}`;
        const answer = await call(two.http, node, 'watch_job', { id, gate: gate.path });
        return { id, node, path: jobOf(answer) };
      }),
    );
    const begunBy = ({ pid }: Service) =>
      watch.lines.filter(
        ({ what, id, pid: by }) => what === 'begin' && id.startsWith('killed-') && by === pid,
      ).length;
    // None is between its adoption and its begin.
    await until(() => begunBy(one) === SLOTS && begunBy(two) === SLOTS);
    await one.stop('SIGKILL');
    watch.killed(one.pid);
    gate.open();
    await sync;

    const documents = await Promise.all(jobs.map(({ path }) => ended(two.http, path)));
    const states = new Set(documents.map(({ state }) => state));
    expect(states).toEqual(new Set(['outcome-unknown', 'succeeded']));
    const begun = watch.begun();
    expect(jobs.map(({ id }) => begun.get(id))).toEqual(jobs.map(() => 1));
    for (const [index, { state }] of documents.entries()) {
      const id = jobs[index]?.id ?? '';
      expect(watch.has('end', id)).toBe(state === 'succeeded');
    }
    for (const { node } of jobs)
      expect(await fields(two.http, node, 'reservation')).toEqual({ reservation: null });
    for (const node of nodes.slice(0, 3)) await holdSoon(two.http, node, `after on ${node}`);
    expect(watch.breaches()).toEqual([]);
    expect((await readJob(two.http, jobs[0]?.path ?? '')).state).toBe(documents[0]?.state);
  });
});
