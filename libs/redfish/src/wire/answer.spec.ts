import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { inspect } from 'node:util';
import { clientOf, failureOf, useBmc } from '../bmc.spec-support.js';
import { RedfishError, RedfishResponseError } from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const HERE = { path: 'Systems/1' };

describe('an answer', () => {
  const lab = useBmc({}, {}, async ({ client }) => client.get(SYSTEM));

  it.each<[string, Misbehaviours]>([
    ['bytes that are not UTF-8', { invalidUtf8: HERE }],
    ['raw control characters', { controlChars: HERE }],
    ['a byte order mark', { byteOrderMark: HERE }],
    ['NULs at its end', { nulPadding: HERE }],
    ['a compression nobody asked for', { gzip: true }],
    ['a broken error in front of the resource', { errorThenResource: HERE }],
    ['one byte at a time', { slowBytes: { ...HERE, ms: 0 } }],
    ['Connection: close', { connectionClose: true }],
    ['406 for Accept-Encoding', { identityRefused: HERE }],
  ])('with %s is read', async (_what, switches) => {
    lab.bmc.misbehave(switches);
    expect((await lab.client.get(SYSTEM)).body).toMatchObject({ '@odata.id': SYSTEM, Id: '1' });
  });

  it.each<[string, Misbehaviours, number, string]>([
    ['a web page with 200', { html200: HERE }, 200, 'a web page'],
    ['nothing with 200', { empty200: HERE }, 200, 'empty'],
    ['an error with 200', { errorIn200: HERE }, 200, 'an error inside'],
    ['half of its JSON', { truncatedJson: HERE }, 200, 'no valid JSON'],
  ])(
    'with %s is an error that names URL, status and content type',
    async (_what, switches, status, words) => {
      lab.bmc.misbehave(switches);
      const error = await failureOf(lab.client.get(SYSTEM));
      expect(error).toBeInstanceOf(RedfishResponseError);
      expect(error).toMatchObject({ status, url: lab.bmc.address + SYSTEM, method: 'GET' });
      expect(String(error)).toContain(`GET ${lab.bmc.address}${SYSTEM} answered ${status} (`);
      expect(String(error)).toContain(words);
    },
  );

  it.each<[string, Misbehaviours, string, number]>([
    ['a web page with 400', { html400: HERE }, 'validation', 400],
    ['a web page with 504', { html504: HERE }, 'service', 504],
    ['a JSON string with 400', { jsonStringError: HERE }, 'validation', 400],
    ['[] with 400', { arrayError: HERE }, 'validation', 400],
  ])('of %s keeps the class of its status', async (_what, switches, code, status) => {
    lab.bmc.misbehave(switches);
    const error = await failureOf(lab.client.get(SYSTEM));
    expect(error).toBeInstanceOf(RedfishError);
    expect(error).toMatchObject({ code, status });
    expect(String(error)).not.toMatch(/<html|<!doctype/i);
  });

  it('larger than the cap is given up', async () => {
    await lab.reopen({ maxBody: 10_000 });
    lab.bmc.misbehave({ hugeBody: 100_000 });
    const error = await failureOf(lab.client.get(SYSTEM));
    expect(error).toMatchObject({
      code: 'response',
      message: expect.stringContaining('larger than 10000 bytes'),
    });
  });

  it('is limited after decompression, too', async () => {
    await lab.reopen({ maxBody: 10_000 });
    lab.bmc.misbehave({ hugeBody: 1_000_000, gzip: true });
    expect(await failureOf(lab.client.get(SYSTEM))).toMatchObject({ code: 'response' });
  });

  it('to a write may have a body or none, whatever its status promises', async () => {
    const subscription = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: '' };
    for (const createAnswer of ['200', '200-empty', '204', '201-bare'] as const) {
      lab.bmc.misbehave({ createAnswer });
      const reply = await lab.client.post(SUBSCRIPTIONS, { ...subscription, Context: createAnswer });
      expect(String(reply.status)).toBe(createAnswer.slice(0, 3));
    }
    lab.bmc.behave();
    lab.bmc.misbehave({ bodyWith204: true });
    const [member = ''] = await lab.client.members(SUBSCRIPTIONS);
    expect((await lab.client.delete(member)).status).toBe(200);
    lab.bmc.misbehave({ bodyWith204: 'on-the-wire' });
    const [next = ''] = await lab.client.members(SUBSCRIPTIONS);
    expect((await lab.client.delete(next)).status).toBe(204);
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });

  it.each(['folded', 'bare-lf', 'no-colon', 'garbage'] as const)(
    'that is not HTTP (%s) is told at once, without what it contained',
    async (kind) => {
      lab.bmc.forget();
      lab.bmc.misbehave({ notHttp: { ...HERE, kind } });
      const error = await failureOf(lab.client.get(SYSTEM));
      expect(error).toMatchObject({
        code: 'response',
        message: expect.stringContaining('is not valid HTTP: '),
      });
      expect(lab.bmc.requests).toHaveLength(1);
      expect(inspect(error, { depth: 9 })).not.toContain('Contoso');
    },
  );

  it('that is not HTTP does not show the token of a login', async () => {
    lab.bmc.misbehave({ notHttp: { path: 'Sessions', method: 'POST', kind: 'no-colon' } });
    const other = clientOf(lab.clients, lab.bmc, { verify: false });
    const error = await failureOf(other.get(SYSTEM));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/x-auth-token/i);
    expect(lab.bmc.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it.each([100, 102, 103] as const)('may follow an informational one: %i', async (informational) => {
    lab.bmc.misbehave({ informational });
    expect((await lab.client.get(SYSTEM)).body).toMatchObject({ Id: '1' });
    expect((await lab.client.patch(SYSTEM, { AssetTag: 'x' })).status).toBe(200);
    expect(lab.bmc.connections.total).toBe(1);
  });

  it('of an error whose body stalls costs only a little time', async () => {
    await lab.reopen({ timeouts: { errorBody: 30, firstByte: 600_000, total: 600_000 } });
    lab.bmc.misbehave({ stalledBody: { path: 'nothing' } });
    expect(await failureOf(lab.client.get(`${SYSTEM}/nothing`))).toMatchObject({ code: 'not-found' });
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });

  it('of an error whose body drips has its status also at the end of the time of the call', async () => {
    const NEVER = 600_000;
    await lab.reopen({ timeouts: { errorBody: NEVER, firstByte: NEVER, total: NEVER } });
    await lab.client.get(SYSTEM);
    lab.bmc.misbehave({ slowBytes: { path: 'nothing', ms: 100 } });
    const error = await failureOf(lab.client.get(`${SYSTEM}/nothing`, { timeout: 500 }));
    expect(error).toMatchObject({ code: 'not-found', status: 404 });
  });

  it('keeps the digits of large numbers', async () => {
    lab.bmc.misbehave({ bigNumber: true });
    expect((await lab.client.get(SYSTEM)).body['Big']).toBe('18446744073709551615');
  });

  it('that refuses a verb says which are allowed', async () => {
    const error = await failureOf(lab.client.post(SYSTEM, {}));
    expect(error).toMatchObject({ status: 405, allow: ['GET', 'HEAD', 'PATCH'] });
    expect(String(error)).toContain('It allows GET, HEAD, PATCH.');
  });

  it('with a long Retry-After says how long', async () => {
    lab.bmc.misbehave({ notReady: { kind: '503-retry-after', times: 9, retryAfter: 3600 } });
    expect(String(await failureOf(lab.client.get(SYSTEM)))).toContain('It asks to wait 3600 s');
    lab.bmc.misbehave({ notReady: { kind: '503-retry-after', times: 9, retryAfter: 1e9 } });
    expect(String(await failureOf(lab.client.get(SYSTEM)))).toContain('It asks to wait more than a day');
  });

  it('that refuses something says why and what to do', async () => {
    lab.bmc.misbehave({ errorShape: 'own-message', refuseProperties: ['Context'] });
    const body = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'c' };
    const error = String(await failureOf(lab.client.post(SUBSCRIPTIONS, body)));
    expect(error).toContain('The property Context is unknown to this resource.');
    expect(error).toContain('Correct the request and send it again. The licence ended in May.');
  });

  it.each([
    ['iLO.2.15.ResetInProgress', undefined, true],
    ['Vendor.1.0.Whatever', 'OK', true],
    ['Vendor.1.0.Whatever', 'Critical', false],
    ['Base.1.8.InsufficientPrivilege', undefined, false],
  ])('of 200 with the message %s (%s) is a success: %s', async (id, severity, isSuccess) => {
    const target = `${SYSTEM}/Actions/ComputerSystem.Reset`;
    lab.bmc.misbehave({ successMessage: { id, ...(severity !== undefined && { severity }) } });
    const outcome = await lab.client.post(target, { ResetType: 'ForceOff' }).then(
      () => true,
      () => false,
    );
    expect(outcome).toBe(isSuccess);
  });

  it('is JSON from a BMC that needs OData-Version', async () => {
    lab.bmc.misbehave({ needsODataVersion: true });
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });
});
