import { hashSync } from '@node-rs/bcrypt';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { namesIn, type Samples, scrape } from '../support/metrics.js';
import { call, createNode, ended, jobOf } from '../support/passthru.js';
import { until } from '../support/until.js';
import { digestOf } from '../../src/auth/files/callers-file.js';
import { createRedfishNode, passthru } from '../support/redfish.js';

describe('/metrics', () => {
  let app: TestApp;
  let bmc: BmcServer;
  beforeAll(async () => {
    bmc = await startBmc({ profile: 'dell-idrac9' });
    app = await startApp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,redfish',
      FERRULE_REDFISH_ATTEMPTS: '1',
    });
  });
  afterAll(async () => {
    await app.close();
    await bmc.close();
  });

  const grown = async (act: () => Promise<unknown>): Promise<(sample: string) => number> => {
    const before = await scrape(app.http);
    await act();
    const after = await scrape(app.http);
    return (sample) => (after.get(sample) ?? 0) - (before.get(sample) ?? 0);
  };
  /** Those of Node's garbage collection begin with the first of each kind. */
  const series = (samples: Samples): number =>
    [...samples.keys()].filter((name) => !name.startsWith('nodejs_gc_')).length;

  it('counts requests by the pattern of their route and their status', async () => {
    const growth = await grown(async () => {
      await app.http.get('/v1/nodes/no-such-node');
      await app.http.get('/v1/nodes/no-other-node');
    });
    expect(growth('ferrule_http_requests_total{route="/v1/nodes/:ident",verb="GET",status="404"}')).toBe(2);
    expect(growth('ferrule_http_request_duration_seconds_count{route="/v1/nodes/:ident"}')).toBe(2);
  });

  it('has calls by driver and method, with their mode, duration and outcome, and the locks that they held', async () => {
    const node = await createNode(app.http);
    const growth = await grown(async () => {
      await ended(app.http, jobOf(await call(app.http, node, 'sleep', { seconds: 0 })));
      (await app.http.get(`/v1/nodes/${node}/vendor_passthru/echo?text=a`)).expect(200);
    });
    const labels = 'driver="fake-hardware",method="sleep",mode="async"';
    expect(growth(`ferrule_passthru_calls_total{${labels},outcome="succeeded"}`)).toBe(1);
    expect(growth(`ferrule_passthru_call_duration_seconds_count{${labels}}`)).toBe(1);
    expect(growth('ferrule_jobs_accepted_total')).toBe(1);
    expect(growth('ferrule_jobs_ended_total{state="succeeded"}')).toBe(1);
    expect(growth('ferrule_job_queue_wait_seconds_count')).toBe(1);
    expect(growth('ferrule_lock_wait_seconds_count{outcome="taken"}')).toBe(1);
    expect(growth('ferrule_lock_hold_seconds_count{holder="job"}')).toBe(1);
  });

  it('has no more series for further nodes, nor for paths, methods and verbs that do not exist', async () => {
    const act = async (suffix: string): Promise<void> => {
      const node = await createNode(app.http, { name: `node-${suffix}` });
      await app.http.get(`/v1/nodes/${node}`);
      await app.http.get(`/no-such-path-${suffix}`);
      await call(app.http, node, `no_such_method_${suffix}`);
    };
    await act('a');
    await scrape(app.http);
    const before = series(await scrape(app.http));
    await act('b');
    await act('c');
    expect(series(await scrape(app.http))).toBe(before);
  });

  it('has requests to BMCs, sessions and credentials that are held back, by vendor', async () => {
    const node = await createRedfishNode(app.http, bmc);
    const wrong = await createRedfishNode(app.http, bmc, { redfish_password: 'wrong' });
    const subscriptions = (uuid: string) => passthru(app.http, 'GET', uuid, 'get_all_subscriptions');
    const dell = 'protocol="redfish",vendor="dell"';
    const growth = await grown(async () => {
      (await subscriptions(node)).expect(200);
      for (let attempt = 0; attempt < 3; attempt++) await subscriptions(wrong);
    });
    expect(growth(`ferrule_bmc_requests_total{${dell},outcome="ok"}`)).toBeGreaterThan(0);
    expect(growth(`ferrule_bmc_requests_total{${dell},outcome="rejected"}`)).toBeGreaterThan(0);
    expect(growth(`ferrule_bmc_request_duration_seconds_count{${dell}}`)).toBeGreaterThan(3);
    expect(growth(`ferrule_bmc_sessions{${dell}}`)).toBe(1);
    expect(growth(`ferrule_bmc_held_back{${dell}}`)).toBe(1);
  });

  it('counts refused credentials by strategy, denials by action, and what waits for the audit', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-metrics-'));
    const callers = [
      { name: 'guest', token: `sha256:${digestOf('guest')}`, roles: ['reader'], project: 'p' },
    ];
    writeFileSync(join(folder, 'callers.yaml'), JSON.stringify({ callers }));
    writeFileSync(
      join(folder, 'htpasswd'),
      `ops:${hashSync('right', 4)}
`,
    );
    const guarded = await startApp({
      FERRULE_AUTH: 'token,http_basic',
      FERRULE_CALLERS: join(folder, 'callers.yaml'),
      FERRULE_HTPASSWD: join(folder, 'htpasswd'),
      FERRULE_METRICS: 'on',
    });
    try {
      const ask = (authorization?: string, path = '/v1/nodes') =>
        guarded.http.get(
          path,
          authorization === undefined ? {} : { headers: { Authorization: authorization } },
        );
      (await ask()).expect(401);
      (await ask('Bearer wrong')).expect(401);
      (await ask('Basic %')).expect(400);
      // Four wrong passwords are free.
      for (let attempt = 0; attempt < 5; attempt++) {
        (await ask(`Basic ${Buffer.from(`ops:wrong-${attempt}`).toString('base64')}`)).expect(401);
      }
      (await ask('Bearer guest', '/v1/audit')).expect(403);
      (await ask('Bearer guest', '/v1/drivers')).expect(403);
      const samples = await scrape(guarded.http);
      const refused = (labels: string) => samples.get(`ferrule_credentials_refused_total{${labels}}`);
      expect(refused('strategy="none",status="401",delayed="false"')).toBe(1);
      expect(refused('strategy="token",status="401",delayed="false"')).toBe(1);
      expect(refused('strategy="http_basic",status="400",delayed="false"')).toBe(1);
      expect(refused('strategy="http_basic",status="401",delayed="false"')).toBe(4);
      expect(refused('strategy="http_basic",status="401",delayed="true"')).toBe(1);
      for (const action of ['ferrule:audit:get', 'baremetal:driver:get']) {
        expect(samples.get(`ferrule_policy_denials_total{action="${action}",status="403"}`)).toBe(1);
      }
      expect(samples.get('ferrule_audit_failures_total')).toBe(0);
      await until(async () => (await scrape(guarded.http)).get('ferrule_audit_waiting') === 0);
      const rename = (from: string, to: string) =>
        guarded.database.query({ name: `test-${to}`, text: `alter function ${from} rename to ${to}` }, []);
      await rename('audit_append', 'audit_lost');
      (await ask('Bearer guest', '/v1/audit')).expect(403);
      await until(async () => Number((await scrape(guarded.http)).get('ferrule_audit_failures_total')) > 0);
      expect((await scrape(guarded.http)).get('ferrule_audit_waiting')).toBe(1);
      await rename('audit_lost', 'audit_append');
      await until(async () => (await scrape(guarded.http)).get('ferrule_audit_waiting') === 0);
    } finally {
      await guarded.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('has the state of the queue, the database and the process', async () => {
    await scrape(app.http);
    const samples = await scrape(app.http);
    expect(samples.get('ferrule_jobs{state="queued"}')).toBe(0);
    expect(samples.get('ferrule_jobs{state="running"}')).toBe(0);
    expect(samples.get('ferrule_job_queue_oldest_seconds')).toBe(0);
    expect(samples.get('ferrule_database_up')).toBe(1);
    expect(samples.get('ferrule_database_sessions{pool="hot",state="max"}')).toBeGreaterThan(0);
    // The query of a scrape waits for nothing.
    expect(samples.get('ferrule_database_waiting{pool="main"}')).toBe(0);
    const names = namesIn(samples);
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_cpu_seconds_total', 'ferrule_job_slots'])
      expect(names).toContain(name);
  });
});

describe('FERRULE_METRICS', () => {
  it.each([
    ['auto', 'none', 200],
    ['auto', 'keystone', 404],
    ['on', 'keystone', 200],
  ])('%s with FERRULE_AUTH=%s: %i', async (FERRULE_METRICS, FERRULE_AUTH, status) => {
    const app = await startApp({
      FERRULE_METRICS,
      FERRULE_AUTH,
      FERRULE_KEYSTONE_URL: 'http://127.0.0.1:9',
      FERRULE_KEYSTONE_USERNAME: 'ironic',
      FERRULE_KEYSTONE_PASSWORD: 'x',
    });
    try {
      (await app.http.get('/metrics')).expect(status);
    } finally {
      await app.close();
    }
  });

  it.each(['off', '127.0.0.1:0'])(
    '%s: the port of the API does not answer /metrics',
    async (FERRULE_METRICS) => {
      const app = await startApp({ FERRULE_METRICS });
      try {
        (await app.http.get('/metrics')).expect(404);
        const [, port] = /Metrics are at http:\/\/127\.0\.0\.1:(\d+)\/metrics/.exec(app.log.text) ?? [];
        expect(port === undefined).toBe(FERRULE_METRICS === 'off');
        if (port === undefined) return;
        const own = `http://127.0.0.1:${port}`;
        const answer = await fetch(`${own}/metrics`);
        expect(answer.status).toBe(200);
        expect(await answer.text()).toContain('ferrule_build_info{version="');
        expect((await fetch(`${own}/v1/nodes`)).status).toBe(404);
        expect((await fetch(`${own}/metrics`, { method: 'POST' })).status).toBe(405);
      } finally {
        await app.close();
      }
    },
  );
});
