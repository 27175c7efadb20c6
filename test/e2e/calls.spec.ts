import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type TestApp } from '../support/app.js';
import { call, createNode, ended, fields, jobOf, unlocked, watchedNode } from '../support/passthru.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

describe('calls', () => {
  let folder: string;
  let watch: WatchFile;
  let service: TestApp;
  const settings = () => ({ ...watch.env, FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,watched-hardware' });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-calls-'));
    watch = new WatchFile(folder);
    service = await startApp(settings());
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true });
  });

  it('a client that disconnects does not release the lock of a running method', async () => {
    const { http } = service;
    const gate = watch.gate();
    const node = await watchedNode(http);
    const caller = new AbortController();
    const path = `/v1/nodes/${node}/vendor_passthru/watch`;
    const answer = http.post(path, { gate: gate.path }, { signal: caller.signal });
    const gone = expect(answer).rejects.toThrow(/abort/i);
    await until(async () => (await fields(http, node, 'reservation'))['reservation'] !== null);
    caller.abort();
    await gone;

    // The method still holds the node.
    expect((await call(http, node, 'watch')).status).toBe(409);
    gate.open();
    await unlocked(http, node);
    expect((await call(http, node, 'watch')).status).toBe(200);
  });

  it('a method that exceeded its time limit answers 504, and its node is free', async () => {
    const { http } = service;
    const node = await createNode(http);
    const answer = await call(http, node, 'sleep_sync', { seconds: 60 });
    expect(answer.status).toBe(504);
    expect(answer.fault).toMatchObject({
      faultcode: 'Server',
      faultstring: expect.stringMatching(/sleep_sync.*1 s/),
    });
    await unlocked(http, node);
    expect(await fields(http, node, 'last_error')).toEqual({ last_error: null });
  });

  it('a method that goes on after its time limit keeps the lock until it ends, or for ten seconds', async () => {
    const { http } = service;
    const held = async (node: string) => (await fields(http, node, 'reservation'))['reservation'] !== null;
    const [gate, late] = [watch.gate(), watch.gate()];
    const [ending, endless] = [await watchedNode(http), await watchedNode(http)];
    const calls = [
      call(http, ending, 'watch_briefly', { deaf: true, gate: gate.path }),
      call(http, endless, 'watch_briefly', { deaf: true, gate: late.path }),
    ];
    for (const answer of await Promise.all(calls)) expect(answer.status).toBe(504);
    expect(await Promise.all([ending, endless].map(held))).toEqual([true, true]);
    gate.open();
    await unlocked(http, ending);
    expect(await held(endless)).toBe(true);
    await unlocked(http, endless);
    late.open();
  });

  it('a call that waits for the lock proceeds when it is free', async () => {
    const patient = await startApp({
      ...settings(),
      FERRULE_LOCK_TRIES: '1000',
      FERRULE_LOCK_INTERVAL: '50ms',
    });
    try {
      const { http } = patient;
      const gate = watch.gate();
      const node = await watchedNode(http);
      const job = jobOf(await call(http, node, 'watch_job', { gate: gate.path }));
      const waiting = call(http, node, 'watch');
      expect((await call(http, node, 'look')).status).toBe(200);
      gate.open();
      expect((await waiting).status).toBe(200);
      expect(await ended(http, job)).toMatchObject({ state: 'succeeded' });
    } finally {
      await patient.close();
    }
  });

  it('the error for a locked node is a problem document on request', async () => {
    const { http } = service;
    const gate = watch.gate();
    const node = await watchedNode(http);
    const job = jobOf(await call(http, node, 'watch_job', { gate: gate.path }));
    const headers = { Accept: 'application/problem+json' };
    const refused = await http.post(`/v1/nodes/${node}/vendor_passthru/watch`, {}, { headers });
    expect(refused.status).toBe(409);
    expect(refused.contentType).toBe('application/problem+json');
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused.json()).toMatchObject({
      code: 'NodeLocked',
      holder: 'cond-a',
      job: job.split('/').at(-1),
    });
    gate.open();
    await ended(http, job);
  });

  it('the vendor interface of a driver-level call may be named', async () => {
    const path = '/v1/drivers/fake-hardware/vendor_passthru/driver_info';
    expect((await service.http.get(path)).status).toBe(400);
    const answer = await service.http.get(`${path}?vendor_interface=fake-options`);
    expect(answer.expect(200).json()).toEqual({
      driver: 'fake-hardware',
      http_method: 'GET',
      site: 'nowhere',
    });
  });
});
