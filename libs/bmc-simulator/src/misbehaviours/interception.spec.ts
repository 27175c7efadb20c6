import { type Aimed } from './aim.js';
import { startBmc } from '../server/bmc-server.js';
import { type NotReady } from './path-faults.js';
import { FOREIGN_ORIGIN } from '../tree/paths.js';
import { call, SYSTEMS, SUBSCRIPTIONS, BODY, useBmc } from '../client.spec-support.js';

const lab = useBmc();

describe('readiness', () => {
  const kinds: [NotReady['kind'], number, string, string | undefined][] = [
    ['503-retry-after', 503, 'ServiceTemporarilyUnavailable', '30'],
    ['503', 503, 'ServiceTemporarilyUnavailable', undefined],
    ['sys518', 503, 'SYS518', '30'],
    ['ilo-invalid-state', 400, 'InvalidOperationForSystemState', undefined],
    ['409-in-post', 409, 'ResourceInStandby', undefined],
  ];
  it.each(kinds)('notReady %s, without effect', async (kind, status, id, retryAfter) => {
    lab.bmc.misbehave({ notReady: { kind, times: 2, retryAfter: 30, method: 'POST' } });
    expect((await lab.read()).status).toBe(200);
    for (let asked = 0; asked < 2; asked += 1) {
      const reply = await lab.subscribe();
      expect([reply.status, reply.raw.includes(id), reply.headers['retry-after']]).toEqual([
        status,
        true,
        retryAfter,
      ]);
    }
    expect(lab.bmc.subscriptions).toHaveLength(0);
    expect((await lab.subscribe()).status).toBe(201);
  });
});

describe('aims', () => {
  const statuses = async (aim: Aimed): Promise<number[]> => {
    lab.bmc.misbehave({ html504: aim });
    return [
      (await call(lab.bmc, 'GET', '/redfish/v1/')).status,
      (await lab.read()).status,
      (await lab.read()).status,
      (await lab.subscribe()).status,
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

describe('redirects, paths and headers', () => {
  it('redirectOnPost to the slash, in a loop, or to another origin', async () => {
    lab.bmc.misbehave({ redirectOnPost: { status: 307, to: 'slash' } });
    const reply = await lab.subscribe();
    expect([reply.status, reply.headers['location'], lab.bmc.subscriptions]).toEqual([
      307,
      `${SUBSCRIPTIONS}/`,
      [],
    ]);
    expect((await call(lab.bmc, 'POST', `${SUBSCRIPTIONS}/`, { body: BODY })).status).toBe(201);
    lab.bmc.misbehave({ redirectOnPost: { status: 302, to: 'loop' } });
    expect((await lab.subscribe()).headers['location']).toBe(SUBSCRIPTIONS);
    lab.bmc.misbehave({ redirectOnPost: { status: 301, to: 'foreign', path: 'Subscriptions', times: 1 } });
    expect((await lab.subscribe()).headers['location']).toBe(`${FOREIGN_ORIGIN}${SUBSCRIPTIONS}`);
    expect((await lab.subscribe()).status).toBe(201);
  });

  it('Supermicro X10 redirects the login', async () => {
    const x10 = await startBmc({ profile: 'supermicro-x10' });
    const login = await call(x10, 'POST', '/redfish/v1/SessionService/Sessions', { as: 'none', body: {} });
    await x10.close();
    expect([login.status, login.headers['location']]).toEqual([308, '/redfish/v1/SessionService/Sessions/']);
  });

  it('rootRedirect, needsODataVersion and identityRefused', async () => {
    lab.bmc.misbehave({ rootRedirect: true, needsODataVersion: true, identityRefused: true });
    const headers = { 'OData-Version': '4.0' };
    expect((await call(lab.bmc, 'GET', SYSTEMS, { headers })).status).toBe(200);
    expect((await lab.read()).headers['content-type']).toBe('text/html');
    lab.bmc.misbehave({ needsODataVersion: undefined });
    expect((await call(lab.bmc, 'GET', '/redfish/v1')).headers['location']).toBe('/redfish/v1/');
    expect((await call(lab.bmc, 'GET', '/redfish/v1/')).status).toBe(200);
    expect((await call(lab.bmc, 'GET', SYSTEMS, { headers: { 'Accept-Encoding': 'identity' } })).status).toBe(
      406,
    );
  });

  it('slashes and absoluteLinks change the links and the paths that are served', async () => {
    lab.bmc.misbehave({ slashes: 'with' });
    expect((await lab.read()).status).toBe(404);
    expect((await call(lab.bmc, 'GET', `${SYSTEMS}/`)).body['Members']).toEqual([
      { '@odata.id': `${SYSTEMS}/1/` },
    ]);
    lab.bmc.misbehave({ slashes: undefined, absoluteLinks: 'own' });
    expect((await lab.read()).body['Members']).toEqual([{ '@odata.id': `${lab.bmc.address}${SYSTEMS}/1` }]);
    lab.bmc.misbehave({ absoluteLinks: 'foreign' });
    expect((await lab.subscribe()).headers['location']).toBe(`${FOREIGN_ORIGIN}${SUBSCRIPTIONS}/1`);
  });

  it('serves below a prefix', async () => {
    const behind = await startBmc({ prefix: '/bmc1' });
    const root = await call(behind, 'GET', '/bmc1/redfish/v1/');
    const outside = await call(behind, 'GET', '/redfish/v1/');
    await behind.close();
    expect(root.body['Systems']).toEqual({ '@odata.id': '/bmc1/redfish/v1/Systems' });
    expect(outside.status).toBe(404);
  });

  it('refuses a body that is not JSON, an unknown path and an unsupported verb', async () => {
    expect((await call(lab.bmc, 'POST', SUBSCRIPTIONS, { rawBody: '{' })).status).toBe(400);
    const plain = { rawBody: 'x', headers: { 'Content-Type': 'text/plain' } };
    expect((await call(lab.bmc, 'POST', SUBSCRIPTIONS, plain)).status).toBe(415);
    expect((await call(lab.bmc, 'PUT', SYSTEMS)).status).toBe(405);
    expect((await call(lab.bmc, 'DELETE', SYSTEMS)).status).toBe(405);
    expect((await call(lab.bmc, 'PATCH', SYSTEMS, { body: {} })).status).toBe(405);
    expect((await call(lab.bmc, 'PATCH', `${SYSTEMS}/1`, { body: { Nonsense: 1 } })).status).toBe(400);
    const reset = `${SYSTEMS}/1/Actions/ComputerSystem.Reset`;
    expect((await call(lab.bmc, 'POST', reset, { body: { ResetType: 'ForceOff' } })).status).toBe(204);
    expect((await call(lab.bmc, 'GET', `${SYSTEMS}/1`)).body['PowerState']).toBe('Off');
    expect((await call(lab.bmc, 'POST', reset, { body: {} })).status).toBe(400);
  });
});
