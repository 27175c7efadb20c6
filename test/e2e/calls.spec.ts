import { startApp, type TestApp } from '../support/app.js';
import { call, createNode, ended, fields, jobOf, unlocked } from '../support/passthru.js';
import { until } from '../support/until.js';

describe('calls', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startApp();
  });
  afterAll(() => service.close());

  it('a client that disconnects does not release the lock of a running method', async () => {
    const { http } = service;
    const node = await createNode(http);
    const caller = new AbortController();
    const path = `/v1/nodes/${node}/vendor_passthru/work`;
    const answer = http.post(path, { milliseconds: 1000 }, { signal: caller.signal });
    const gone = expect(answer).rejects.toThrow(/abort/i);
    await until(async () => (await fields(http, node, 'reservation'))['reservation'] !== null);
    caller.abort();
    await gone;

    // The method still holds the node.
    expect((await call(http, node, 'work', { milliseconds: 0 })).status).toBe(409);
    await unlocked(http, node);
    const next = await call(http, node, 'work', { milliseconds: 0 });
    expect(next.expect(200).json()).toMatchObject({ peak: 1 });
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

  it('a call that waits for the lock proceeds when it is free', async () => {
    const patient = await startApp({ FERRULE_LOCK_TRIES: '500' });
    try {
      const { http } = patient;
      const node = await createNode(http);
      const job = jobOf(await call(http, node, 'sleep', { seconds: 0.5 }));
      expect((await call(http, node, 'work', { milliseconds: 0 })).status).toBe(200);
      expect(await ended(http, job)).toMatchObject({ state: 'succeeded' });
    } finally {
      await patient.close();
    }
  });

  it('the error for a locked node is a problem document on request', async () => {
    const { http } = service;
    const node = await createNode(http);
    const job = jobOf(await call(http, node, 'sleep', { seconds: 0.5 }));
    const headers = { Accept: 'application/problem+json' };
    const refused = await http.post(`/v1/nodes/${node}/vendor_passthru/work`, {}, { headers });
    expect(refused.status).toBe(409);
    expect(refused.contentType).toBe('application/problem+json');
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused.json()).toMatchObject({
      code: 'NodeLocked',
      holder: 'cond-a',
      job: job.split('/').at(-1),
    });
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
