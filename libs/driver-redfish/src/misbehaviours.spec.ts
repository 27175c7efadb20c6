import { FerruleError, type JsonObject } from '@ferrule/driver-kit';
import { type BmcServer, type Misbehaviours, startBmc } from '@ferrule/bmc-simulator';
import { Bench } from '../test/bench.js';

const SECRET = 'planted-secret';
const WANTED = {
  Destination: 'https://192.0.2.1/events',
  HttpHeaders: [{ Authorization: `Bearer ${SECRET}` }],
};
const CALLS: readonly (readonly [method: string, args: JsonObject])[] = [
  ['create_subscription', WANTED],
  ['get_all_subscriptions', {}],
  ['get_all_subscriptions', { expand: true }],
  ['get_subscription', { id: '1' }],
  ['eject_vmedia', {}],
  ['redfish_request', { path: '/redfish/v1/' }],
  ['delete_subscription', { id: '1' }],
];

const TOLERATED: readonly Misbehaviours[] = [
  { sessionExpired: 1 },
  { sessionExpired: { method: 'POST', times: 1 } },
  { spurious401: 1 },
  { sessionExpired: 1, brokenChunkOn401: true },
  { noSessionService: true },
  { sessionsLinkHidden: true },
  { sessionLocationMissing: true },
  { sessionLocationMissing: 'and-body' },
  { sessionTokenMissing: true },
  { noFreeSession: true },
  { loginRefused: 401 },
  { loginRefused: 403 },
  { sessionServiceDisabled: true },
  { leadingSlashMissing: true },
  { sessionLimit: 1 },
  { lockAccountAfter: 1 },
  { sessionLocationAbsolute: 'own' },
  { sessionLocationAbsolute: 'foreign' },
  { basicRefused: true },
  { notReady: { kind: '503-retry-after', times: 2, retryAfter: 0 } },
  { notReady: { kind: '503', times: 2 } },
  { notReady: { kind: 'sys518', times: 2, retryAfter: 0 } },
  { notReady: { kind: 'ilo-invalid-state', times: 2 } },
  { notReady: { kind: 'sys518', times: 2, retryAfter: 0, method: 'POST', path: 'Subscriptions' } },
  { html504: 1 },
  { invalidUtf8: true },
  { bodyWith204: true },
  { bodyWith204: 'on-the-wire' },
  { errorThenResource: true },
  { controlChars: true },
  { byteOrderMark: true },
  { nulPadding: true },
  { slowBytes: { ms: 1, method: 'GET', path: 'Subscriptions' } },
  { latency: 5 },
  { firstByteDelay: 5 },
  { resetOnce: 'before-effect' },
  { resetOnce: 'after-effect' },
  { resetOnce: { when: 'after-effect', method: 'POST', path: 'EjectMedia', times: 1 } },
  { cutBody: 1 },
  { halfClosedKeepAlive: 'fin' },
  { halfClosedKeepAlive: 'reset-on-reuse' },
  { connectionClose: true },
  { redirectOnPost: { status: 308, to: 'slash' } },
  { redirectOnPost: { status: 301, to: 'slash' } },
  { rootRedirect: true },
  { slashes: 'with' },
  { slashes: 'without' },
  { absoluteLinks: 'own' },
  { needsODataVersion: true },
  { identityRefused: true },
  { gzip: true },
  { ifMatchRefusedOnPost: true },
  { pageSize: 1 },
  { deadMedium: 404 },
];

const REPORTED: readonly (readonly [Misbehaviours, code: string, text: RegExp])[] = [
  [{ noFreeSession: true, basicRefused: true }, 'RedfishError', /session/i],
  [{ passwordChangeRequired: '201' }, 'RedfishError', /password/i],
  [{ passwordChangeRequired: '403' }, 'RedfishError', /password/i],
  [{ forbiddenWithLicence: true }, 'RedfishError', /Not licensed/],
  [{ html200: true }, 'RedfishError', /answered 200 \(text\/html/],
  [{ html400: true }, 'RedfishError', /answered 400 \(text\/html/],
  [{ html504: true }, 'RedfishError', /answered 504 \(text\/html/],
  [{ empty200: true }, 'RedfishError', /empty/],
  [{ errorIn200: true }, 'RedfishError', /answered 200 .*It failed/],
  [{ jsonStringError: true }, 'RedfishError', /something went wrong/],
  [{ arrayError: true }, 'RedfishError', /answered 400/],
  [{ truncatedJson: true }, 'RedfishError', /JSON/],
  [{ hugeBody: 17 * 1024 * 1024 }, 'RedfishError', /larger|bytes|MiB/],
  [{ neverAnswers: true }, 'RedfishError', /ms|in time/],
];

let bmc: BmcServer;
let bench: Bench;

afterEach(async () => {
  await bench.close();
  await bmc.close();
});

async function start(misbehave: Misbehaviours): Promise<void> {
  bmc = await startBmc({ misbehave });
  bench = new Bench(bmc, {
    clients: { timeouts: { firstByte: misbehave.neverAnswers ? 100 : 60_000, total: 60_000 } },
  });
}

it.each(TOLERATED)('every method works with a BMC with %j', async (misbehave) => {
  await start(misbehave);
  const [{ path = '' } = {}] = bmc.media;
  bmc.insert(path);
  const results: unknown[] = [];
  for (const [method, args] of CALLS) results.push(await bench.call(method, args));
  expect(results[0]).toMatchObject({ Id: '1', Destination: WANTED.Destination });
  expect(results[2]).toMatchObject({ Members: [{ Id: '1' }] });
  expect(results[3]).toEqual(results[0]);
  expect(bmc.media.filter(({ inserted }) => inserted)).toEqual([]);
  expect(results[5]).toMatchObject({ status: 200 });
  expect(bmc.subscriptions).toEqual([]);
  expect(JSON.stringify(results)).not.toContain(SECRET);
});

it.each(REPORTED)('every method reports a BMC with %j', async (misbehave, code, text) => {
  await start(misbehave);
  // Not redfish_request: it may succeed with an empty answer, and few of these faults affect the root it reads.
  for (const [method, args] of CALLS.filter(([method]) => method !== 'redfish_request')) {
    const failure: unknown = await bench.call(method, args).catch((error: unknown) => error);
    expect(FerruleError.is(failure)).toBe(true);
    expect(failure).toMatchObject({ code, status: 500 });
    const { message } = failure as Error;
    expect(message).toMatch(text);
    expect(message).not.toContain(bmc.password);
    expect(message).not.toContain(SECRET);
  }
  expect(bmc.subscriptions).toEqual([]);
  bmc.behave();
  expect(await bench.ask('get_all_subscriptions')).toMatchObject({ Members: [] });
});

it('links to another host are reported and not followed', async () => {
  await start({ absoluteLinks: 'foreign' });
  for (const [method, args] of CALLS.filter(([name]) => name !== 'redfish_request')) {
    const failure: unknown = await bench.call(method, args).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'RedfishError',
      message: expect.stringMatching(/192\.0\.2\.17.*alias/),
    });
  }
});

it.each(['foreign', 'loop'] as const)('a POST is not redirected when the redirect is %s', async (to) => {
  await start({ redirectOnPost: { status: 307, to, path: 'Subscriptions' } });
  const failure: unknown = await bench.call('create_subscription', WANTED).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'RedfishError', status: 500 });
  expect(bmc.subscriptions).toEqual([]);
});

const SHAPES: readonly Misbehaviours['errorShape'][] = [
  'info-is-object',
  'unversioned',
  'other-code',
  'json-string',
  'array',
  'empty',
  'plain-text',
  'html',
];
it.each(SHAPES)('a refusal whose body is %s names URL and status', async (errorShape) => {
  await start({ refuseProperties: ['Context'], errorShape });
  const failure: unknown = await bench.call('create_subscription', WANTED).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'RedfishError',
    message: expect.stringMatching(/POST http.*\/EventService\/Subscriptions answered 400/),
  });
  expect(bmc.subscriptions).toEqual([]);
});

it('a reached limit of subscriptions is reported', async () => {
  await start({ subscriptionLimit: 0 });
  const failure: unknown = await bench.call('create_subscription', WANTED).catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: expect.stringContaining('No further subscription') });
});
