import { type Answer } from '../support/http-client.js';
import { linesWithoutIds } from '../support/log-lines.js';
import { ended, fields, jobOf, readJob, unlocked } from '../support/passthru.js';
import { type Proxy } from '../support/proxy.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, hold, watchedNode } from './calls.js';
import { ProxiedDatabase } from './proxied-database.js';

const ACQUIRE = /reservation-acquire/;
const READ = /node-by-uuid/;
const ENTER = /lock-waiters-enter/;
const RELEASE = /reservation-release/;
const ACCEPT = /accept-jobs/;
const ADOPT = /adopt-jobs/;
const FINISH = /finish-jobs/;
const BREAK = /break-lock/;

describe('an answer of the database that is lost', () => {
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
    // The lease is renewed, so its end repairs nothing here; lost answers are looked for three times in it.
    service = await directory.start({ ...watch.env, ...way.env, FERRULE_LEASE: '12s' });
  });
  afterAll(async () => {
    await directory.dispose();
    await database.dispose();
    expect(linesWithoutIds(service.log)).toEqual([]);
  });

  /** Waits until the audit has these events of a request. */
  async function recorded(answer: Answer | undefined, events: string[]): Promise<void> {
    const of = `/v1/audit?request_id=${String(answer?.headers['x-openstack-request-id'])}`;
    await until(async () => {
      const { audit } = (await service.http.get(of)).expect(200).json<{ audit: { event: string }[] }>();
      expect(audit.map(({ event }) => event).sort()).toEqual(events);
      return true;
    });
  }

  const each = it.each([['by a cut'], ['silently']] as const);

  each('keeps no node locked when it was that of an acquisition, lost %s', async (how) => {
    const { http } = service;
    const node = await watchedNode(http);
    proxy.loseNextAnswer(ACQUIRE, how);
    const answer = await hold(http, node, `lost ${how}`);
    expect([500, 503]).toContain(answer?.status);
    expect(proxy.pending).toBe(0);
    await recorded(answer, ['begin', 'call']);
    await unlocked(http, node);
    expect((await hold(http, node, `after ${how}`))?.status).toBe(200);
  });

  each('keeps nobody from a lock when it was that of a call that entered its line, lost %s', async (how) => {
    const { http } = service;
    const node = await watchedNode(http);
    const gate = watch.gate();
    const id = `before ${how}`;
    const running = call(http, node, 'watch', { id, gate: gate.path });
    await until(() => watch.has('begin', id));
    for (const method of ['watch', 'watch_job']) {
      proxy.loseNextAnswer(ENTER, how);
      const path = `/v1/nodes/${node}/vendor_passthru/${method}?wait=60`;
      const answer = await http.post(path, { id: `in line ${how} ${method}` });
      expect(answer.expect(503).fault.faultstring).toContain('nothing was changed');
      expect(proxy.pending).toBe(0);
    }
    await until(async () => (await database.sql('select from lock_waiters')).length === 0);
    gate.open();
    (await running).expect(200);
    expect((await hold(http, node, `after the line ${how}`))?.status).toBe(200);
  });

  each('keeps no node locked when it was that of a release, lost %s', async (how) => {
    const { http } = service;
    const node = await watchedNode(http);
    proxy.loseNextAnswer(RELEASE, how);
    expect((await hold(http, node, `released ${how}`))?.status).toBe(200);
    await unlocked(http, node);
    expect(proxy.pending).toBe(0);
  });

  each('breaks a lock once when it was that of its breaking, lost %s', async (how) => {
    const { http } = service;
    const node = await watchedNode(http);
    const id = `broken ${how}`;
    const running = call(http, node, 'watch', { id, gate: watch.gate().path });
    await until(() => watch.has('begin', id));
    const { locks } = (await http.get('/v1/locks')).json<{ locks: { node: string; fence: number }[] }>();
    const fence = locks.find((each) => each.node === node)?.fence ?? 0;
    proxy.loseNextAnswer(BREAK, how);
    const answer = await http.delete(`/v1/locks/${node}?fence=${fence}`);
    expect(answer.expect(500).fault.faultstring).toContain('outcome is unknown');
    expect(proxy.pending).toBe(0);
    (await http.delete(`/v1/locks/${node}?fence=${fence}`)).expect(404);
    // It learns that by itself, as of a lock that another process broke.
    expect((await running).expect(500).fault.faultstring).toContain('was broken by');
    const next = (await hold(http, node, `after ${id}`))?.json<{ fence: number }>();
    expect(next?.fence).toBe(fence + 2);
  });

  each('runs the job once when it was that of its acceptance, lost %s', async (how) => {
    const { http } = service;
    const node = await watchedNode(http);
    proxy.loseNextAnswer(ACCEPT, how);
    const id = `accepted ${how}`;
    const answer = await call(http, node, 'watch_job', { id });
    expect(answer.status).toBe(500);
    expect(answer.fault.faultstring).toContain('outcome is unknown');
    expect(proxy.pending).toBe(0);
    // The job was written before its answer was lost, so it is run.
    await until(() => watch.has('end', id));
    await unlocked(http, node);
    expect(watch.begun().get(id)).toBe(1);
    await recorded(answer, ['begin', 'call', 'job']);
  });

  each('runs the job once when it was that of its adoption, lost %s', async (how) => {
    const { http } = service;
    const node = await watchedNode(http);
    proxy.loseNextAnswer(ADOPT, how);
    const id = `adopted ${how}`;
    const job = jobOf(await call(http, node, 'watch_job', { id }));
    expect(await ended(http, job)).toMatchObject({ state: 'succeeded' });
    expect(proxy.pending).toBe(0);
    expect(watch.begun().get(id)).toBe(1);
    expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
  });

  each('changes nothing about how a job ended when it was that of its end, lost %s', async (how) => {
    const { http } = service;
    const node = await watchedNode(http);
    proxy.loseNextAnswer(FINISH, how);
    const id = `ended ${how}`;
    const job = jobOf(await call(http, node, 'watch_job', { id }));
    expect(await ended(http, job)).toMatchObject({ state: 'succeeded' });
    await unlocked(http, node);
    expect(proxy.pending).toBe(0);
    expect(await readJob(http, job)).toMatchObject({ state: 'succeeded', error: null });
    expect(watch.begun().get(id)).toBe(1);
    expect(service.log).not.toContain(`${job.split('/').at(-1)} was ended or adopted by another process`);
  });

  each('denies no creation of a node when it was that of a read of the node, lost %s', async (how) => {
    const { http } = service;
    proxy.loseNextAnswer(READ, how);
    const { uuid } = (await http.post('/v1/nodes', { driver: 'watched-hardware' }))
      .expect(201)
      .json<{ uuid: string }>();
    expect((await http.get(`/v1/nodes/${uuid}`)).status).toBe(503);
    expect(proxy.pending).toBe(0);
    expect(await fields(http, uuid, 'uuid')).toEqual({ uuid });
  });

  it('is not waited for after a change of a node was made', async () => {
    const { http } = service;
    const node = await watchedNode(http);
    const reads = proxy.count(READ);
    (await http.patch(`/v1/nodes/${node}`, [{ op: 'add', path: '/extra/a', value: 1 }])).expect(200);
    // Before the lock, and with it.
    expect(reads()).toBe(2);
  });
});
