import { type Aimed } from './aim.js';
import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { type NotReady } from './misbehaviours.js';
import { FOREIGN_ORIGIN } from '../tree/paths.js';
import { call, type Reply } from '../spec-client.js';

const SYSTEMS = '/redfish/v1/Systems';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const BODY = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish' };

let bmc: BmcServer;
beforeEach(async () => {
  bmc = await startBmc();
});
afterEach(() => bmc.close());

const read = (): Promise<Reply> => call(bmc, 'GET', SYSTEMS);
const subscribe = (): Promise<Reply> => call(bmc, 'POST', SUBSCRIPTIONS, { body: BODY });

describe('readiness', () => {
  const kinds: [NotReady['kind'], number, string, string | undefined][] = [
    ['503-retry-after', 503, 'ServiceTemporarilyUnavailable', '30'],
    ['503', 503, 'ServiceTemporarilyUnavailable', undefined],
    ['sys518', 503, 'SYS518', '30'],
    ['ilo-invalid-state', 400, 'InvalidOperationForSystemState', undefined],
    ['409-in-post', 409, 'ResourceInStandby', undefined],
  ];
  it.each(kinds)('notReady %s, without effect', async (kind, status, id, retryAfter) => {
    bmc.misbehave({ notReady: { kind, times: 2, retryAfter: 30, method: 'POST' } });
    expect((await read()).status).toBe(200);
    for (let asked = 0; asked < 2; asked += 1) {
      const reply = await subscribe();
      expect([reply.status, reply.raw.includes(id), reply.headers['retry-after']]).toEqual([
        status,
        true,
        retryAfter,
      ]);
    }
    expect(bmc.subscriptions).toHaveLength(0);
    expect((await subscribe()).status).toBe(201);
  });
});

describe('aims', () => {
  const statuses = async (aim: Aimed): Promise<number[]> => {
    bmc.misbehave({ html504: aim });
    return [
      (await call(bmc, 'GET', '/redfish/v1/')).status,
      (await read()).status,
      (await read()).status,
      (await subscribe()).status,
    ];
  };
  it.each<[Aimed, number[]]>([
    [true, [200, 504, 504, 504]],
    [false, [200, 200, 200, 201]],
    [1, [200, 504, 200, 201]],
    [{ after: 1, times: 1 }, [200, 200, 504, 201]],
    [{ method: 'POST' }, [200, 200, 200, 504]],
    [{ method: ['GET'], path: 'Systems' }, [200, 504, 504, 201]],
    [{ path: /v1\/$/ }, [504, 200, 200, 201]],
  ])('%j hits what it says', async (aim, expected) => {
    expect(await statuses(aim)).toEqual(expected);
  });
});

describe('redirects, paths and manners', () => {
  it('redirectOnPost to the slash, in a loop, or to strangers', async () => {
    bmc.misbehave({ redirectOnPost: { status: 307, to: 'slash' } });
    const reply = await subscribe();
    expect([reply.status, reply.headers['location'], bmc.subscriptions]).toEqual([
      307,
      `${SUBSCRIPTIONS}/`,
      [],
    ]);
    expect((await call(bmc, 'POST', `${SUBSCRIPTIONS}/`, { body: BODY })).status).toBe(201);
    bmc.misbehave({ redirectOnPost: { status: 302, to: 'loop' } });
    expect((await subscribe()).headers['location']).toBe(SUBSCRIPTIONS);
    bmc.misbehave({ redirectOnPost: { status: 301, to: 'foreign', path: 'Subscriptions', times: 1 } });
    expect((await subscribe()).headers['location']).toBe(`${FOREIGN_ORIGIN}${SUBSCRIPTIONS}`);
    expect((await subscribe()).status).toBe(201);
  });

  it('Supermicro X10 redirects the login', async () => {
    const x10 = await startBmc({ profile: 'supermicro-x10' });
    const login = await call(x10, 'POST', '/redfish/v1/SessionService/Sessions', { as: 'none', body: {} });
    await x10.close();
    expect([login.status, login.headers['location']]).toEqual([308, '/redfish/v1/SessionService/Sessions/']);
  });

  it('rootRedirect, needsODataVersion and identityRefused', async () => {
    bmc.misbehave({ rootRedirect: true, needsODataVersion: true, identityRefused: true });
    const headers = { 'OData-Version': '4.0' };
    expect((await call(bmc, 'GET', SYSTEMS, { headers })).status).toBe(200);
    expect((await read()).headers['content-type']).toBe('text/html');
    bmc.misbehave({ needsODataVersion: undefined });
    expect((await call(bmc, 'GET', '/redfish/v1')).headers['location']).toBe('/redfish/v1/');
    expect((await call(bmc, 'GET', '/redfish/v1/')).status).toBe(200);
    expect((await call(bmc, 'GET', SYSTEMS, { headers: { 'Accept-Encoding': 'identity' } })).status).toBe(
      406,
    );
  });

  it('slashes and absoluteLinks change the links, and what they lead to', async () => {
    bmc.misbehave({ slashes: 'with' });
    expect((await read()).status).toBe(404);
    expect((await call(bmc, 'GET', `${SYSTEMS}/`)).body['Members']).toEqual([
      { '@odata.id': `${SYSTEMS}/1/` },
    ]);
    bmc.misbehave({ slashes: undefined, absoluteLinks: 'own' });
    expect((await read()).body['Members']).toEqual([{ '@odata.id': `${bmc.address}${SYSTEMS}/1` }]);
    bmc.misbehave({ absoluteLinks: 'foreign' });
    expect((await subscribe()).headers['location']).toBe(`${FOREIGN_ORIGIN}${SUBSCRIPTIONS}/1`);
  });

  it('lives behind a prefix', async () => {
    const behind = await startBmc({ prefix: '/bmc1' });
    const root = await call(behind, 'GET', '/bmc1/redfish/v1/');
    const outside = await call(behind, 'GET', '/redfish/v1/');
    await behind.close();
    expect(root.body['Systems']).toEqual({ '@odata.id': '/bmc1/redfish/v1/Systems' });
    expect(outside.status).toBe(404);
  });

  it('refuses what is no JSON, no resource, or not for the verb', async () => {
    expect((await call(bmc, 'POST', SUBSCRIPTIONS, { rawBody: '{' })).status).toBe(400);
    const plain = { rawBody: 'x', headers: { 'Content-Type': 'text/plain' } };
    expect((await call(bmc, 'POST', SUBSCRIPTIONS, plain)).status).toBe(415);
    expect((await call(bmc, 'PUT', SYSTEMS)).status).toBe(405);
    expect((await call(bmc, 'DELETE', SYSTEMS)).status).toBe(405);
    expect((await call(bmc, 'PATCH', SYSTEMS, { body: {} })).status).toBe(405);
    expect((await call(bmc, 'PATCH', `${SYSTEMS}/1`, { body: { Nonsense: 1 } })).status).toBe(400);
    const reset = `${SYSTEMS}/1/Actions/ComputerSystem.Reset`;
    expect((await call(bmc, 'POST', reset, { body: { ResetType: 'ForceOff' } })).status).toBe(204);
    expect((await call(bmc, 'GET', `${SYSTEMS}/1`)).body['PowerState']).toBe('Off');
    expect((await call(bmc, 'POST', reset, { body: {} })).status).toBe(400);
  });
});
