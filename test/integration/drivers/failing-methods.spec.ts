import { startApp, type TestApp } from '../../support/app.js';
import { until } from '../../support/until.js';
import { call, createNode, ended, jobOf } from '../../support/passthru.js';

const MESSAGE = 'no such flash bank';

describe('the log of a method that fails', () => {
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    app = await startApp();
    node = await createNode(app.http, { driver_info: { fake_password: 'planted-secret' } });
  });
  afterAll(() => app.close());

  function failures(method: string): string[] {
    const pattern = new RegExp(
      `^(req-\\S+): vendor:fake-options\\.${method} of (\\S+) on node ${node} failed`,
    );
    return app.log.entries.filter((entry) => pattern.test(entry));
  }

  it('has one line for a synchronous one, with its request and its stack, without secrets', async () => {
    const answer = await call(app.http, node, 'fail_sync', { message: `${MESSAGE} planted-secret` });
    expect(answer.status).toBe(500);
    const [line, ...others] = failures('fail_sync');
    expect(others).toEqual([]);
    expect(line).toContain(`${String(answer.headers['x-openstack-request-id'])}: `);
    expect(line).toContain('of @ferrule/driver-fake@');
    expect(line).toMatch(/Error: no such flash bank \*{6}\n +at .*fake-options\.vendor/);
    expect(app.log.text).not.toContain('planted-secret');
  });

  it('has one line for an asynchronous one', async () => {
    const accepted = await call(app.http, node, 'fail', { message: MESSAGE });
    await ended(app.http, jobOf(accepted));
    const [line, ...others] = failures('fail');
    expect(others).toEqual([]);
    expect(line).toContain(`${String(accepted.headers['x-openstack-request-id'])}: `);
    expect(line).toMatch(/Error: no such flash bank\n +at .*fake-options\.vendor/);
    const id = jobOf(accepted).slice('/v1/jobs/'.length);
    const linesOfJob = () => app.log.entries.filter((entry) => entry.startsWith(`Job ${id} `));
    await until(() => linesOfJob().some((entry) => entry.startsWith(`Job ${id} failed: `)));
    expect(linesOfJob().filter((entry) => entry.includes(MESSAGE))).toEqual([]);
  });

  it('has none for an error of the caller', async () => {
    const before = failures('fail_sync');
    expect((await call(app.http, node, 'fail_sync', { kind: 'conflict', message: 'busy' })).status).toBe(409);
    expect(failures('fail_sync')).toEqual(before);
  });
});

describe('the log of a job', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it('has one line each for its acceptance, start and end, without secrets', async () => {
    const node = await createNode(app.http, { driver_info: { fake_password: 'planted-secret' } });
    const accepted = await call(app.http, node, 'report_progress', { steps: 1 });
    const path = jobOf(accepted);
    await ended(app.http, path);
    const job = `Job ${path.slice('/v1/jobs/'.length)} `;
    const lines = () => app.log.entries.filter((entry) => entry.startsWith(job));
    await until(() => lines().length >= 3);
    const what = `vendor:fake-options.report_progress on node ${node}, ${String(accepted.headers['x-openstack-request-id'])}.`;
    expect(lines()).toEqual(
      ['accepted', 'started', 'succeeded'].map((step): unknown =>
        expect.stringContaining(`${job}${step}: ${what}`),
      ),
    );
    expect(app.log.text).not.toContain('planted-secret');
  });
});
