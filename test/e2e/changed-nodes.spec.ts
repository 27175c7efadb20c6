import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import { call, createNode, ended, fields, jobOf, readJob, watchedNode } from '../support/passthru.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

describe('a job without a lock whose node is changed before it starts', () => {
  let folder: string;
  let watch: WatchFile;
  let service: TestApp;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-changed-'));
    watch = new WatchFile(folder);
    service = await startApp({
      ...watch.env,
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,watched-hardware',
      FERRULE_CONDUCTOR_CONCURRENCY: '1',
    });
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });

  async function change(patch: readonly object[]): Promise<{ node: string; job: string }> {
    const { http } = service;
    const gate = watch.gate();
    const busy = jobOf(await call(http, await watchedNode(http), 'watch_job', { gate: gate.path }));
    try {
      await until(async () => (await readJob(http, busy)).state === 'running');
      const node = await createNode(http);
      const job = jobOf(await call(http, node, 'collect_log', { lines: 1 }));
      (await http.patch(`/v1/nodes/${node}`, patch)).expect(200);
      expect(await readJob(http, job)).toMatchObject({ state: 'queued' });
      return { node, job };
    } finally {
      gate.open();
    }
  }

  const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });

  it.each([
    ['vendor interface', [replace('/vendor_interface', 'fake')]],
    [
      'driver',
      [
        replace('/driver', 'watched-hardware'),
        replace('/vendor_interface', 'watch'),
        replace('/firmware_interface', 'no-firmware'),
      ],
    ],
  ])('is refused if it is another %s', async (_, patch) => {
    const { node, job } = await change(patch);
    expect(await ended(service.http, job)).toMatchObject({
      state: 'refused',
      error: { code: 'NodeChanged', message: expect.stringContaining(node) },
      attachment: null,
    });
    expect(await fields(service.http, node, 'last_error')).toEqual({ last_error: null });
    // As a call that is made now.
    expect((await call(service.http, node, 'collect_log', { lines: 1 })).status).toBe(400);
  });

  it('runs with what is new if the change does not concern it', async () => {
    const { job } = await change([{ op: 'add', path: '/extra/changed', value: true }]);
    expect(await ended(service.http, job)).toMatchObject({ state: 'succeeded' });
  });
});
