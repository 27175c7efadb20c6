import { type HttpClient } from '../support/http-client.js';
import {
  call,
  createNode,
  ended,
  fields,
  jobOf,
  readJob,
  unlocked,
  watchedNode,
} from '../support/passthru.js';
import { until } from '../support/until.js';
import { type WatchFile } from '../support/watch.js';

/** @param place of a service with `fake-hardware` and `watched-hardware`. */
export function jobCases(place: () => { readonly http: HttpClient; readonly watch: WatchFile }): void {
  const http = (): HttpClient => place().http;

  it('returns its result', async () => {
    const node = await createNode(http(), { vendor_interface: 'fake' });
    const path = jobOf(await call(http(), node, 'second_method', { bar: 'kazoo' }));
    expect(await ended(http(), path)).toMatchObject({
      state: 'succeeded',
      node,
      method: 'second_method',
      result: true,
      error: null,
      attachment: null,
      started_at: expect.any(String),
      finished_at: expect.any(String),
    });
    expect(await fields(http(), node, 'last_error', 'reservation')).toEqual({
      last_error: null,
      reservation: null,
    });
  });

  it('shows its progress', async () => {
    const node = await createNode(http());
    const path = jobOf(await call(http(), node, 'report_progress', { steps: 3 }));
    expect(await ended(http(), path)).toMatchObject({
      state: 'succeeded',
      progress: { percent: 100, message: 'step 3 of 3' },
      progress_lines: [1, 2, 3].map((step) => ({ attempt: 1, message: `step ${step} of 3` })),
      result: { steps: 3 },
    });
  });

  it('holds the lock of its node while it runs', async () => {
    const gate = place().watch.gate();
    const node = await watchedNode(http());
    const path = jobOf(await call(http(), node, 'watch_job', { gate: gate.path }));
    const { reservation } = await fields(http(), node, 'reservation');
    expect(reservation).toEqual(expect.any(String));
    const refused = await call(http(), node, 'watch');
    expect(refused.status).toBe(409);
    expect(refused.fault.faultstring).toContain(String(reservation));
    expect((await call(http(), node, 'look')).status).toBe(200);
    gate.open();
    expect(await ended(http(), path)).toMatchObject({ state: 'succeeded' });
    await unlocked(http(), node);
  });

  it('shows why it failed; the node shows the newest failure', async () => {
    const node = await createNode(http());
    for (const message of ['the first', 'the second']) {
      const job = await ended(http(), jobOf(await call(http(), node, 'fail', { message })));
      expect(job).toMatchObject({
        state: 'failed',
        result: null,
        error: { code: 'VendorPassthruException' },
      });
      expect(job.error?.message).toContain(message);
      const { last_error } = await fields(http(), node, 'last_error');
      expect(last_error).toMatch(new RegExp(`^Async execution of fail failed with error: .*${message}$`));
    }
  });

  it.each([
    ['an asynchronous call', 'report_progress'],
    ['a synchronous one', 'work'],
  ])('its error is cleared by the next success of %s', async (_, method) => {
    const node = await createNode(http());
    await ended(http(), jobOf(await call(http(), node, 'fail')));
    expect((await fields(http(), node, 'last_error'))['last_error']).not.toBeNull();
    expect((await call(http(), node, method)).status).toBeLessThan(300);
    await until(async () => (await fields(http(), node, 'last_error'))['last_error'] === null);
  });

  it('stores its attachment', async () => {
    const node = await createNode(http());
    const job = await ended(http(), jobOf(await call(http(), node, 'collect_log', { lines: 2 })));
    expect(job).toMatchObject({ state: 'succeeded', result: null });
    const file = await http().get(new URL(job.attachment ?? '').pathname);
    expect(file.expect(200).text).toBe(`1 node ${node} is fine\n2 node ${node} is fine\n`);
    expect(file.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="node.log"',
      'content-length': String(file.bytes.byteLength),
    });
  });

  it('may be that of a driver, without a node', async () => {
    const path = '/v1/drivers/fake-hardware/vendor_passthru/driver_sleep?vendor_interface=fake-options';
    const job = await ended(http(), jobOf(await http().post(path, { seconds: 0 })));
    expect(job).toMatchObject({ state: 'succeeded', node: null, result: { slept: 0 } });
  });

  it('is listed by node and by state', async () => {
    const node = await createNode(http());
    const path = jobOf(await call(http(), node, 'fail'));
    await ended(http(), path);
    const list = await http().get(`/v1/jobs?node=${node}&state=failed`);
    const { id } = await readJob(http(), path);
    expect(list.expect(200).json()).toMatchObject({ jobs: [{ id }] });
  });

  it('runs beside many others', async () => {
    const gate = place().watch.gate();
    const nodes = await Promise.all(Array.from({ length: 20 }, () => watchedNode(http())));
    const accepted = await Promise.all(
      nodes.map((node) => call(http(), node, 'watch_job', { gate: gate.path })),
    );
    await until(async () => {
      const running = await http().get('/v1/jobs?state=running');
      return running.expect(200).json<{ jobs: unknown[] }>().jobs.length === nodes.length;
    });
    gate.open();
    const jobs = await Promise.all(accepted.map((answer) => ended(http(), jobOf(answer))));
    expect(jobs.map(({ state }) => state)).toEqual(jobs.map(() => 'succeeded'));
  });
}
