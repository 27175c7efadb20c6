import { hasProc, processesOf } from '../support/processes.js';
import { call, createNode, fields, jobOf, readJob } from '../support/passthru.js';
import { type DataDirectory, dataDirectory } from '../support/service.js';
import { until } from '../support/until.js';

describe('SIGTERM', () => {
  let directory: DataDirectory;
  beforeEach(async () => {
    directory = await dataDirectory();
  });
  afterEach(() => directory.dispose());

  it('finishes what runs, and leaves no lock and no child', async () => {
    const service = await directory.start();
    const [waiting, working] = [await createNode(service.http), await createNode(service.http)];
    const answer = call(service.http, waiting, 'work', { milliseconds: 1500 });
    const path = jobOf(await call(service.http, working, 'sleep', { seconds: 1.5 }));
    await until(async () => {
      const held = await Promise.all(
        [waiting, working].map((node) => fields(service.http, node, 'reservation')),
      );
      return held.every(({ reservation }) => reservation !== null);
    });
    await until(async () => (await readJob(service.http, path)).state === 'running');
    if (hasProc) expect(processesOf(directory.path)).not.toEqual([]);

    service.kill('SIGTERM');
    expect((await answer).status).toBe(200);
    expect(await service.ended()).toBe(0);
    if (hasProc) expect(processesOf(directory.path)).toEqual([]);

    const { http } = await directory.start();
    expect(await readJob(http, path)).toMatchObject({ state: 'succeeded', result: { slept: 1.5 } });
    for (const node of [waiting, working]) {
      expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
    }
  });

  it('aborts what does not end in time, and says so', async () => {
    const service = await directory.start({ FERRULE_SHUTDOWN_TIMEOUT: '0' });
    const node = await createNode(service.http);
    const path = jobOf(await call(service.http, node, 'sleep', { seconds: 600 }));
    await until(async () => (await readJob(service.http, path)).state === 'running');
    expect(await service.stop()).toBe(0);

    const { http } = await directory.start();
    expect(await readJob(http, path)).toMatchObject({
      state: 'outcome-unknown',
      error: { code: 'ServiceStopping' },
    });
    expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
  });

  it('what was accepted and had not begun is run by the next process', async () => {
    const service = await directory.start({ FERRULE_CONDUCTOR_CONCURRENCY: '1' });
    const [busy, next] = [await createNode(service.http), await createNode(service.http)];
    const first = jobOf(await call(service.http, busy, 'sleep', { seconds: 1 }));
    await until(async () => (await readJob(service.http, first)).state === 'running');
    const second = jobOf(await call(service.http, next, 'report_progress'));
    expect(await readJob(service.http, second)).toMatchObject({ state: 'queued' });
    expect(await service.stop()).toBe(0);

    const { http } = await directory.start();
    await until(async () => (await readJob(http, second)).state === 'succeeded');
    expect(await readJob(http, first)).toMatchObject({ state: 'succeeded' });
  });
});
