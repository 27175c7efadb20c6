import { call, ended, fields, jobOf, readJob, unlocked, watchedNode } from '../support/passthru.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

interface Place {
  /** It runs no jobs. */
  readonly api: Service;
  /** It runs one at a time. */
  readonly conductor: Service;
  readonly watch: WatchFile;
}

const asked = { cancel_requested_at: expect.any(String), cancel_requested_by: null };

function cancellationCases(place: () => Place): void {
  /** A job that the conductor runs until the gate is opened. */
  async function runningJob(id: string, deaf = false) {
    const { api, watch } = place();
    const [node, gate] = [await watchedNode(api.http), watch.gate()];
    const path = jobOf(await call(api.http, node, 'watch_job', { id, gate: gate.path, deaf }));
    await until(() => watch.has('begin', id));
    return { node, gate, path };
  }

  it('never runs if it was queued, and frees its node', async () => {
    const { api, watch } = place();
    const first = await runningJob('before');
    const node = await watchedNode(api.http);
    const path = jobOf(await call(api.http, node, 'watch_job', { id: 'queued' }));
    expect((await api.http.delete(path)).expect(200).json()).toMatchObject({ ...asked, state: 'cancelled' });
    await unlocked(api.http, node);
    first.gate.open();
    expect(await ended(api.http, first.path)).toMatchObject({ state: 'succeeded' });
    const after = jobOf(await call(api.http, node, 'watch_job', { id: 'after' }));
    expect(await ended(api.http, after)).toMatchObject({ state: 'succeeded' });
    expect(watch.has('begin', 'queued')).toBe(false);
    expect((await api.http.delete(path)).expect(200).json()).toMatchObject({ ...asked, state: 'cancelled' });
    expect((await api.http.delete(after)).expect(409).fault.faultstring).toContain('has ended as succeeded');
  });

  it('is stopped by the other process that runs it', async () => {
    const { api, watch } = place();
    const { node, path } = await runningJob('stopped');
    expect((await api.http.delete(path)).expect(202).json()).toMatchObject(asked);
    const job = (await api.http.get(`${path}?wait=60`)).expect(200).json();
    expect(job).toMatchObject({ ...asked, state: 'cancelled', error: { code: 'JobCancelled' } });
    expect(watch.has('abort', 'stopped')).toBe(true);
    await unlocked(api.http, node);
    expect((await call(api.http, node, 'watch')).status).toBe(200);
    expect(watch.breaches()).toEqual([]);
  });

  it('keeps its lock while its method ignores that, and then says so', async () => {
    const { api, watch } = place();
    const { node, gate, path } = await runningJob('deaf', true);
    (await api.http.delete(path)).expect(202);
    const refused = await call(api.http, node, 'watch');
    expect(refused.expect(409).fault.faultstring).toContain('is locked');
    expect(await readJob(api.http, path)).toMatchObject({ ...asked, state: 'running' });
    const job = await ended(api.http, path);
    expect(job).toMatchObject({ state: 'outcome-unknown', error: { code: 'MethodAbandoned' } });
    expect(job.error?.message).toContain('was cancelled and did not stop');
    expect(watch.has('end', 'deaf')).toBe(false);
    expect(await fields(api.http, node, 'reservation')).toEqual({ reservation: null });
    gate.open();
    await until(() => watch.has('end', 'deaf'));
  });
}

async function start(directory: DataDirectory, watch: WatchFile, env: Record<string, string> = {}) {
  const shared = { ...watch.env, ...env };
  const conductor = await directory.start({
    ...shared,
    FERRULE_HOSTNAME: 'conductor',
    FERRULE_CONDUCTOR_CONCURRENCY: '1',
  });
  const api = await directory.start({ ...shared, FERRULE_HOSTNAME: 'api', FERRULE_ROLE: 'api' });
  return { api, conductor, watch };
}

describe('a cancelled job on PostgreSQL', () => {
  let directory: DataDirectory;
  let place: Place;
  beforeAll(async () => {
    directory = await dataDirectory();
    place = await start(directory, new WatchFile(directory.path));
  });
  afterAll(() => directory.dispose());

  cancellationCases(() => place);
});

describeWithProgram('redis-server')('a cancelled job on Redis', () => {
  let redis: TestRedis;
  let directory: DataDirectory;
  let place: Place;
  beforeAll(async () => {
    redis = await startRedis();
    directory = await dataDirectory();
    place = await start(directory, new WatchFile(directory.path), { FERRULE_REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await directory.dispose();
    await redis.stop();
  });

  cancellationCases(() => place);
});
