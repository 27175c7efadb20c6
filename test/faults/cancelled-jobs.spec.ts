import { ended, jobOf, unlocked } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';
import { call, holdSoon, watchedNode } from './calls.js';

describe('a conductor that is killed after its job was to be cancelled', () => {
  let directory: DataDirectory;
  let watch: WatchFile;
  let api: Service;
  let conductor: Service;
  beforeAll(async () => {
    directory = await dataDirectory();
    watch = new WatchFile(directory.path);
    [api, conductor] = await Promise.all([start('api', 0), start('conductor', 1)]);
  });
  afterAll(() => directory.dispose());

  function start(name: string, jobs: number): Promise<Service> {
    return directory.start({
      ...watch.env,
      FERRULE_HOSTNAME: name,
      FERRULE_LEASE: '5s',
      FERRULE_CONDUCTOR_CONCURRENCY: String(jobs),
    });
  }

  it('leaves an unknown outcome; a job that was queued behind it is cancelled, and neither runs again', async () => {
    const [node, other] = [await watchedNode(api.http), await watchedNode(api.http)];
    const args = { id: 'killed', gate: watch.gate().path, deaf: true };
    const running = jobOf(await call(api.http, node, 'watch_job', args));
    await until(() => watch.has('begin', 'killed'));
    const queued = jobOf(await call(api.http, other, 'watch_job', { id: 'queued' }));
    (await api.http.delete(running)).expect(202);
    const killed = conductor.stop('SIGKILL');
    const cancelled = await api.http.delete(queued);
    await killed;
    watch.killed(conductor.pid);

    expect(cancelled.expect(200).json()).toMatchObject({ state: 'cancelled' });
    expect(await ended(api.http, running)).toMatchObject({
      state: 'outcome-unknown',
      error: { code: 'ConductorLost' },
      cancel_requested_at: expect.any(String),
    });
    await unlocked(api.http, node);
    (await api.http.delete(running)).expect(409);

    conductor = await start('another', 1);
    for (const free of [node, other]) await holdSoon(api.http, free, `after on ${free}`);
    const last = jobOf(await call(api.http, node, 'watch_job', { id: 'last' }));
    expect(await ended(api.http, last)).toMatchObject({ state: 'succeeded' });
    expect(watch.begun().get('killed')).toBe(1);
    expect(watch.begun().has('queued')).toBe(false);
    expect(watch.breaches()).toEqual([]);
  });
});
