import { type JsonObject } from '@ferrule/driver-kit';
import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { BadArguments, Bench, failureOf } from '../../test/bench.js';
import { placeBelow } from './redfish-request.js';
import { RequestAllowList } from '../request-allow-list.js';

let bmc: BmcServer;
let bench: Bench;

async function start(options: Parameters<typeof startBmc>[0] = {}, allow?: string): Promise<void> {
  bmc = await startBmc(options);
  bench = new Bench(bmc, { settings: { requestAllow: allow } });
}

afterEach(async () => {
  await bench?.close();
  await bmc?.close();
});

const send = (args: JsonObject) => bench.ask('redfish_request', args);
const MANAGER = '/redfish/v1/Managers/BMC';

describe('redfish_request', () => {
  it.each(['/redfish/v1/Managers', 'Managers', '/redfish/v1/Managers?$top=1'])('reads %s', async (path) => {
    await start();
    expect(await send({ path })).toMatchObject({
      status: 200,
      headers: { 'content-type': expect.stringContaining('json'), allow: 'GET, HEAD' },
      body: { Members: [{ '@odata.id': MANAGER }] },
    });
  });

  it('reads below the root of a BMC behind a gateway, by either name', async () => {
    await start({ prefix: '/bmc1' });
    await bench.close();
    bench = new Bench(bmc, { driverInfo: { redfish_address: `${bmc.address}/redfish/v1/` } });
    for (const path of ['/bmc1/redfish/v1/Managers', '/redfish/v1/Managers', 'Managers']) {
      expect(await send({ path })).toMatchObject({ status: 200 });
    }
  });

  it.each(['POST', 'PATCH', 'PUT', 'DELETE'])('refuses %s unless the operator allows it', async (verb) => {
    await start();
    const failure = await failureOf(send({ verb, path: MANAGER }));
    expect(failure).toMatchObject({ code: 'RequestNotAllowed', status: 403, problemStatus: 403 });
    expect(failure.message).toContain('allowed are: GET /redfish/v1/*');
    expect(bmc.requests).toEqual([]);
  });

  it('changes what the operator allows, with the ETag the BMC requires', async () => {
    await start({ misbehave: { etag: 'requires' } }, 'GET /redfish/v1/*, PATCH /redfish/v1/Managers/*');
    const body = { Description: 'changed' };
    expect(await send({ verb: 'patch', path: MANAGER, body: { ManagerType: 'BMC' } })).toMatchObject({
      status: 200,
    });
    expect(await failureOf(send({ verb: 'PATCH', path: '/redfish/v1/Systems/1', body }))).toMatchObject({
      status: 403,
    });
  });

  it('follows a 202 to its end', async () => {
    await start({ misbehave: { createAnswer: '202-task' } }, 'POST /redfish/v1/EventService/*');
    const body = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'raw' };
    const path = '/redfish/v1/EventService/Subscriptions';
    expect(await send({ verb: 'POST', path, body })).toMatchObject({
      status: 201,
      headers: { location: `${path}/1` },
    });
    expect(bench.progress.length).toBeGreaterThan(0);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it("answers 404 for a missing resource, with the BMC's message", async () => {
    await start({}, 'GET /redfish/v1/*,PATCH /redfish/v1/*');
    expect(await failureOf(send({ path: 'Nowhere' }))).toMatchObject({ status: 404, code: 'NotFound' });
    const failure = await failureOf(
      send({ verb: 'PATCH', path: MANAGER, body: { NoSuch: 'planted-secret' } }),
    );
    expect(failure).toMatchObject({ status: 500, code: 'RedfishError' });
    expect(failure.message).toContain('NoSuch');
  });

  it('shows no secret', async () => {
    await start();
    bmc.change(MANAGER, {
      Password: 'planted-1',
      PasswordExpiration: '2030-01-01',
      MinPasswordLength: 8,
      SMTP: { Username: 'me', AuthToken: 'planted-2' },
      Oem: { Attributes: { 'Users.2.SHA256Password': 'planted-3', 'IPMILan.1.EncryptionKey': 'planted-4' } },
      HttpHeaders: [{ 'X-Anything': 'planted-5' }],
      Image: 'https://user:planted-6@192.0.2.1/x.iso',
      Comment: `the password is ${bmc.password}`,
      TokenService: { '@odata.id': '/redfish/v1/TokenService' },
    });
    const answer = JSON.stringify(await send({ path: MANAGER }));
    expect(answer).not.toContain('planted');
    expect(answer).not.toContain(bmc.password);
    expect(answer).toContain('2030-01-01');
    expect(answer).toContain('/redfish/v1/TokenService');
    expect(answer).toContain('"Username":"me"');
  });

  it('refuses an answer that is too large', async () => {
    await start({ misbehave: { hugeBody: 2 * 1024 * 1024 } });
    expect((await failureOf(send({ path: MANAGER }))).message).toMatch(/answered with \d+ bytes/);
  });

  it.each([
    'https://192.0.2.1/redfish/v1/Systems',
    '//192.0.2.1/redfish/v1/Systems',
    'file:x',
    '../Systems',
    '/redfish/v1/../../etc',
    '/redfish/v1/Systems/%2e%2e/Managers',
    '/redfish/v1/Systems/..%2fManagers',
    '/redfish/v1/Systems/%252e%252e/Managers',
    '/redfish/v1/Systems\\..\\x',
    '/redfish/v1/Systems#x',
    '/redfish/v1/a b',
    '/redfish/v1/\r\nX: y',
    '',
  ])('refuses %j', async (path) => {
    await start();
    expect(await failureOf(send({ path }))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  });

  it.each(['/redfish/v2/Systems', '/redfish', '/', '/login', '/redfish/v1x'])(
    '%j is not below the root',
    async (path) => {
      await start();
      expect(await failureOf(send({ path }))).toMatchObject({ status: 400 });
      expect(bmc.requests).toEqual([]);
    },
  );

  it.each([
    { path: 'Systems', surplus: 1 },
    { path: 'Systems', verb: 'HEAD' },
    { path: 'Systems', body: [] },
  ])('refuses %j', async (args) => {
    await start();
    expect(await failureOf(send(args))).toBeInstanceOf(BadArguments);
  });

  it('refuses a body with a verb that has none', async () => {
    await start();
    expect(await failureOf(send({ path: 'Systems', body: {} }))).toMatchObject({ status: 400 });
  });
});

describe('placeBelow', () => {
  it.each([
    ['/redfish/v1/', '/redfish/v1', ''],
    ['/redfish/v1/', '/redfish/v1?x=y', '?x=y'],
    ['/redfish/v1/', '/redfish/v1/Systems/1/', 'Systems/1/'],
    ['/bmc/redfish/v1/', '/redfish/v1/Systems', 'Systems'],
  ])('below %s, %s is %j', (root, path, place) => {
    expect(placeBelow(root, path)).toBe(place);
  });
});

describe('the allow-list', () => {
  it.each([
    ['GET /redfish/v1/*', 'GET', '', true],
    ['GET /redfish/v1/*', 'GET', 'Systems/1', true],
    ['GET /redfish/v1/*', 'PATCH', 'Systems/1', false],
    ['* /redfish/v1/Systems/*', 'DELETE', 'Systems/1', true],
    ['* /redfish/v1/Systems/*', 'GET', 'Systems', false],
    ['GET /Systems', 'GET', 'Systems/', true],
    ['GET /Systems', 'GET', 'SystemsX', false],
    ['GET /redfish/v1/Sys.ems', 'GET', 'Systems', false],
    ['POST /Systems/*/Actions/*Reset', 'POST', 'Systems/1/Actions/ComputerSystem.Reset', true],
    ['get /redfish/v1', 'GET', '', true],
    ['get /redfish/v1', 'GET', 'Systems', false],
  ])('%j lets %s %j: %p', (text, verb, place, isAllowed) => {
    expect(RequestAllowList.parse(text).allows(verb, place)).toBe(isAllowed);
  });

  it.each(['GET', 'FETCH /x', 'GET x', 'GET /a /b'])('refuses %j', (text) => {
    expect(() => RequestAllowList.parse(text)).toThrow(text);
  });
});
