import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { Authentication } from '../../src/auth/authentication.js';
import { ANYONE } from '../../src/auth/caller.js';
import { type Strategy } from '../../src/auth/strategies/strategy.js';
import { silent } from '../../src/logging/log.js';
import { startTracing, type TracingSdk } from '../../src/tracing/sdk.js';
import { traceSettings } from '../../src/tracing/trace-settings.js';
import { startApp, type TestApp } from '../support/app.js';
import { attributesOf, Collector, HANGING, type Misbehaviour } from '../support/collector.js';
import { ended, jobOf } from '../support/passthru.js';
import { createRedfishNode, EXTENDED } from '../support/redfish.js';
import { until } from '../support/until.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
/** Of spans, as OTLP numbers them. */
const SERVER = 2;
const CLIENT = 'b7ad6b7169203331';
const from = (trace: string) => ({ headers: { traceparent: `00-${trace}-${CLIENT}-01` } });

describe.each(['http/protobuf', 'http/json'] as const)('A trace over %s', (protocol) => {
  let collector: Collector;
  let sdk: TracingSdk;
  let bmc: BmcServer;
  let app: TestApp;
  const before = { ...process.env };

  beforeAll(async () => {
    collector = await Collector.start({ protocol });
    Object.assign(process.env, collector.env, {
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    sdk = await startTracing(traceSettings(process.env), 'cond-a', silent);
    bmc = await startBmc({ profile: 'dell-idrac9' });
    app = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish' });
  });
  afterAll(async () => {
    await app.close();
    await sdk.stop(2_000);
    await bmc.close();
    collector.close();
    process.env = before;
  });

  const named = (trace: string, name: string) =>
    collector.spans.filter((span) => span.traceId === trace && span.name === name);
  const below = (trace: string, name: string): string[] => {
    const parents = named(trace, name).map(({ spanId }) => spanId);
    const children = collector.spans.filter(({ parentSpanId = '' }) => parents.includes(parentSpanId));
    return [...new Set(children.map((span) => span.name))].sort();
  };

  it("of a synchronous call goes from the client's span over the lock and the method to each request to the BMC", async () => {
    const node = await createRedfishNode(app.http, bmc);
    const route = 'POST /v1/nodes/:ident/vendor_passthru/:method';
    const args = { Destination: 'https://192.0.2.1/events', Protocol: 'Redfish' };
    const answer = await app.http.post(
      `/v1/nodes/${node}/vendor_passthru/create_subscription`,
      args,
      from(TRACE),
    );
    answer.expect(200);
    await until(() => named(TRACE, route).length === 1);

    const [request] = named(TRACE, route);
    expect(request?.parentSpanId).toBe(CLIENT);
    expect(below(TRACE, route)).toEqual(['lock node', 'method create_subscription']);
    expect(below(TRACE, 'method create_subscription')).toEqual(['redfish GET', 'redfish POST']);
    const [post] = named(TRACE, 'redfish POST');
    expect(post && attributesOf(post)).toMatchObject({
      'server.address': bmc.address,
      'ferrule.bmc.vendor': expect.any(String),
      'url.path': expect.stringMatching(/^\/redfish\/v1\//),
    });
    expect(request && attributesOf(request)).toMatchObject({
      'http.route': '/v1/nodes/:ident/vendor_passthru/:method',
      'http.response.status_code': String(answer.status),
      'ferrule.request_id': answer.headers['x-openstack-request-id'],
    });
    expect(JSON.stringify(collector.spans)).not.toContain(bmc.password);
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'ferrule',
      'service.instance.id': 'cond-a',
      'deployment.environment.name': 'test',
    });
  });

  it('of an asynchronous call goes on with its job, which has a link to the entry of the queue', async () => {
    const trace = TRACE.replace('0af', '1bf');
    const node = await createRedfishNode(app.http, bmc, {}, EXTENDED);
    const path = `/v1/nodes/${node}/vendor_passthru/clear_logs`;
    const job = jobOf(await app.http.post(path, { log: 'Sel' }, from(trace)));
    const { state } = await ended(app.http, job);
    await until(() => named(trace, 'job clear_logs').length === 1);

    expect(below(trace, 'accept job')).toEqual(['job clear_logs']);
    expect(below(trace, 'job clear_logs')).toEqual(['method clear_logs']);
    expect(below(trace, 'method clear_logs')).toContain('redfish GET');
    const [span] = named(trace, 'job clear_logs');
    expect(span && attributesOf(span)).toMatchObject({ 'ferrule.job.state': state, 'ferrule.node': node });
    const [entry] = span?.links ?? [];
    await until(() => collector.spans.some(({ spanId }) => spanId === entry?.spanId));
    const carrier = collector.spans.find(({ spanId }) => spanId === entry?.spanId);
    expect(carrier?.name).toContain('ferrule-jobs');
  });

  it('begins here without one of the client', async () => {
    const requests = () => collector.spans.filter(({ name }) => name === 'GET /v1/drivers');
    (await app.http.get('/v1/drivers')).expect(200);
    await until(() => requests().length === 1);
    expect(requests()[0]?.parentSpanId ?? '').toBe('');
  });
});

describe('A collector', () => {
  /** Serves calls beside it, then stops. Returns the lines of the log. */
  const serveBeside = async (collector: Collector, env: Record<string, string> = collector.env) => {
    const before = { ...process.env };
    Object.assign(process.env, env);
    const lines: string[] = [];
    const log = { ...silent, warn: (line: string) => lines.push(line) };
    const sdk = await startTracing(traceSettings(process.env), 'cond-a', log);
    process.env = before;
    const app = await startApp();
    try {
      for (let call = 0; call < 10; call++) (await app.http.get('/v1/drivers')).expect(200);
      if (env === collector.env) await until(() => collector.requests > 0);
      else await until(() => lines.length > 0);
      (await app.http.get('/v1/drivers')).expect(200);
    } finally {
      await app.close();
    }
    // It is asked for two seconds at least, so that this ends by its limit.
    await sdk.stop(50);
    collector.close();
    return lines;
  };

  it('that takes a part of the spans says why in the log', async () => {
    const partialSuccess = { rejectedSpans: '3', errorMessage: 'quota exceeded' };
    const collector = await Collector.start({
      misbehaviour: (request, response) => {
        request.resume();
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ partialSuccess }));
      },
    });
    expect(await serveBeside(collector)).toContainEqual(expect.stringContaining('quota exceeded'));
  });

  it.each<[what: string, misbehaviour: Misbehaviour]>([
    ['answers a byte at a time', (_request, response) => void response.writeHead(200).write('{')],
    ['is busy for a day', (_request, response) => response.writeHead(429, { 'Retry-After': '86400' }).end()],
    ['is busy for no time', (_request, response) => response.writeHead(503, { 'Retry-After': '0' }).end()],
    ['cuts connections', (request) => request.socket.destroy()],
    ['answers something else', (_request, response) => response.writeHead(200).end('<html>')],
    ['sends elsewhere', (_request, response) => response.writeHead(302, { Location: '/login' }).end()],
  ])('that %s delays no call and no shutdown', async (_what, misbehaviour) => {
    const collector = await Collector.start({ misbehaviour });
    await serveBeside(collector);
    // The SDK has a few attempts for each portion.
    expect(collector.requests).toBeLessThan(100);
  });

  it('that does not answer delays no call and no shutdown, and is said to have lost traces', async () => {
    const collector = await Collector.start({ misbehaviour: HANGING });
    expect(await serveBeside(collector)).toContainEqual(expect.stringContaining('Traces were dropped'));
  });

  it('that is not there delays no call and no shutdown', async () => {
    const collector = await Collector.start();
    const env = { ...collector.env };
    collector.close();
    const lines = await serveBeside(collector, env);
    expect(lines).toContainEqual(
      expect.stringMatching(/^OpenTelemetry \(http:\/\/[\d.:]+\): connect ECONNREFUSED [\d.:]+$/),
    );
  });
});

describe('Requests of nobody', () => {
  it('have no spans, whatever their traceparent says', async () => {
    const collector = await Collector.start();
    const before = { ...process.env };
    Object.assign(process.env, collector.env);
    const sdk = await startTracing(traceSettings(process.env), 'cond-a', silent);
    process.env = before;
    const caller = { ...ANYONE, id: 'token:ops', name: 'ops' };
    const strategy: Strategy = {
      name: 'token',
      challenge: 'Bearer',
      recognize: ({ headers }) => (headers.authorization === 'Bearer known' ? caller : undefined),
    };
    const authenticator = new Authentication({ strategies: [strategy], isStrict: false });
    const app = await startApp({}, undefined, authenticator);
    try {
      for (const path of ['/', '/healthz', '/v1/nodes', '/v1/nonesuch'])
        await app.http.get(path, from(TRACE));
      const { headers } = from(TRACE);
      const known = { headers: { ...headers, authorization: 'Bearer known' } };
      (await app.http.get('/v1/drivers', known)).expect(200);
    } finally {
      await app.close();
      await sdk.stop(2_000);
      collector.close();
    }
    const requests = collector.spans.filter(({ kind }) => kind === SERVER);
    expect(requests.map(({ name, traceId }) => [name, traceId])).toEqual([['GET /v1/drivers', TRACE]]);
  });
});
