import { type JsonObject } from '@ferrule/driver-kit';
import { type BmcOptions } from '@ferrule/bmc-simulator';
import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, reopen, start as begin } from '../../test/started.js';

const start = async (options: BmcOptions = {}, allow?: string): Promise<void> =>
  begin(options, { settings: { requestAllow: allow } });

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

  it('is in doubt about a POST whose answer was lost, and does not send it again', async () => {
    await start(
      { misbehave: { resetOnce: { when: 'after-effect', method: 'POST', path: 'Manager.Reset' } } },
      'POST /redfish/v1/*',
    );
    const path = `${MANAGER}/Actions/Manager.Reset`;
    const failure = await failureOf(send({ verb: 'POST', path, body: { ResetType: 'ForceRestart' } }));
    expect(failure).toMatchObject({
      code: 'OutcomeUnknown',
      message: expect.stringContaining('The request was sent; the BMC may have done it.'),
    });
    expect(bmc.requests.filter((request) => request.path === path)).toHaveLength(1);
  });

  it('reads below the root of a BMC behind a gateway, by either name', async () => {
    await start({ prefix: '/bmc1' });
    await reopen({ driverInfo: { redfish_address: `${bmc.address}/redfish/v1/` } });
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
    expect(
      await send({ verb: 'patch', path: MANAGER, body: { DateTimeLocalOffset: '+01:00' } }),
    ).toMatchObject({
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

  it.each([false, 'False', 0])('returns the task of a 202 with wait %j', async (wait) => {
    await start({ misbehave: { createAnswer: '202-task' } }, 'POST /redfish/v1/EventService/*');
    const body = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'raw' };
    const path = '/redfish/v1/EventService/Subscriptions';
    const answer = await send({ verb: 'POST', path, body, wait });
    expect(answer).toMatchObject({ status: 202, body: { TaskState: 'New' } });
    expect(answer['task']).toMatch(/^\/redfish\/v1\/TaskService\//);
    expect(bmc.requests.filter(({ path }) => path.includes('/TaskService/'))).toEqual([]);
  });

  it('returns what the BMC answers, also to a request that it refuses', async () => {
    await start({}, '* /redfish/v1/*');
    expect(await send({ path: 'Nowhere' })).toMatchObject({
      status: 404,
      headers: { 'content-type': expect.stringContaining('json') },
      body: { error: { '@Message.ExtendedInfo': [{ MessageArgs: ['/redfish/v1/Nowhere'] }] } },
    });
    expect(await send({ verb: 'PATCH', path: MANAGER, body: { NoSuch: 1 } })).toMatchObject({
      status: 400,
      body: { error: { '@Message.ExtendedInfo': [{ RelatedProperties: ['#/NoSuch'] }] } },
    });
    expect(await send({ verb: 'DELETE', path: MANAGER })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, PATCH' },
    });
  });

  it.each([
    [{ html504: { path: 'Managers' } }, 504, expect.stringMatching(/^<html|^<!DOCTYPE/i)],
    [{ html200: { path: 'Managers' } }, 200, expect.stringMatching(/^<!DOCTYPE html>/)],
    [{ jsonStringError: { path: 'Managers' } }, 400, expect.any(String)],
    [{ arrayError: { path: 'Managers' } }, 400, []],
    [{ errorIn200: { path: 'Managers' } }, 200, { error: expect.any(Object) }],
    [{ notReady: { kind: '503', times: 9, path: 'Managers' } }, 503, expect.any(Object)],
  ] as const)('returns %j', async (misbehave, status, body) => {
    await start({ misbehave });
    expect(await send({ path: MANAGER })).toMatchObject({ status, body });
  });

  it.each([
    ['another path', 307, 'GET', '/redfish/v1/AccountService'],
    ['an encoded path', 308, 'GET', '/redfish/v1/Managers%2f..%2fAccountService'],
    ['a path outside of the service root', 301, 'GET', '/login'],
    ['a read of another path', 303, 'POST', '/redfish/v1/AccountService'],
    ['a path of which it would read the ETag', 307, 'PATCH', '/redfish/v1/AccountService'],
  ] as const)('returns a redirect to %s instead of following it', async (_what, status, verb, to) => {
    const list = `${verb} /redfish/v1/Managers/*`;
    await start({ misbehave: { redirect: { path: MANAGER, status, to } } }, list);
    const body = verb === 'PATCH' ? { body: { Model: 'x' } } : {};
    expect(await send({ verb, path: MANAGER, ...body })).toMatchObject({ status, headers: { location: to } });
    expect(bmc.requests.filter(({ path }) => path.includes('Account') || path === '/login')).toEqual([]);
  });

  it('follows a redirect to what is allowed, and returns the answer there', async () => {
    const to = '/redfish/v1/Managers/None';
    await start(
      { misbehave: { redirect: { path: MANAGER, status: 307, to } } },
      'GET /redfish/v1/Managers/*',
    );
    expect(await send({ path: MANAGER })).toMatchObject({ status: 404 });
  });

  it('shows no secret of a request that a BMC quotes', async () => {
    await start({ misbehave: { quotesRequests: true } }, '* /redfish/v1/*');
    const answer = await send({
      verb: 'PATCH',
      path: MANAGER,
      body: { NoSuch: 1, Password: 'planted-secret' },
    });
    expect(answer).toMatchObject({ status: 400 });
    const token = bmc.requests.at(-1)?.headers['x-auth-token'] ?? 'none';
    for (const secret of ['planted-secret', token, bmc.password]) {
      expect(JSON.stringify(answer)).not.toContain(secret);
    }
  });

  it('does not take the answer to its login for that of the request', async () => {
    await start({ misbehave: { noFreeSession: true } });
    await reopen({ driverInfo: { redfish_auth_type: 'session' } });
    expect(await failureOf(send({ path: MANAGER }))).toMatchObject({ code: 'RedfishError', status: 500 });
  });

  it.each(['/redfish/v1/Managers', '/redfish/v1/Systems/1', '/nowhere', '/redfish/v1/Managers/%2e%2e%2f'])(
    'is not sent if redfish_address leads to %s',
    async (place) => {
      await start();
      await reopen({ driverInfo: { redfish_address: `${bmc.address}${place}` } });
      const path = `${place.replace('%2e%2e%2f', '')}/x`;
      expect(await failureOf(send({ path: 'x' }))).toMatchObject({ status: expect.any(Number) });
      expect(bmc.requests.filter((request) => request.path.startsWith(path))).toEqual([]);
    },
  );

  it('says that redfish_address does not lead to a service root', async () => {
    await start();
    await reopen({ driverInfo: { redfish_address: `${bmc.address}/redfish/v1/Managers` } });
    expect(await failureOf(send({ path: 'BMC' }))).toMatchObject({
      code: 'InvalidParameterValue',
      status: 400,
      message: expect.stringMatching(
        /does not lead to a Redfish service: .* no @odata\.type of a ServiceRoot\.$/,
      ),
    });
  });

  it.each([
    ['@odata.type', '#ServiceRoot.v1_5_0.ServiceRoot', '@odata.type of a ServiceRoot'],
    ['RedfishVersion', '1.8.0', 'RedfishVersion'],
  ])('reads a service root again that had no %s', async (name, value, missing) => {
    await start();
    bmc.change('/redfish/v1', { [name]: '' });
    const message = expect.stringContaining(`is not a service root; it has no ${missing}.`);
    expect(await failureOf(send({ path: MANAGER }))).toMatchObject({ status: 400, message });
    bmc.change('/redfish/v1', { [name]: value });
    expect(await send({ path: MANAGER })).toMatchObject({ status: 200 });
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

  it('redfish_get reads in one request, and takes nothing but a path', async () => {
    await start();
    await bench.ask('redfish_get', { path: MANAGER });
    bmc.forget();
    expect(await bench.ask('redfish_get', { path: MANAGER })).toMatchObject({
      status: 200,
      body: { Id: 'BMC' },
    });
    expect(bmc.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([`GET ${MANAGER}`]);
    expect(await failureOf(bench.ask('redfish_get', { path: MANAGER, verb: 'PATCH' }))).toBeInstanceOf(
      BadArguments,
    );
  });

  it('redfish_get reads only what the operator allows', async () => {
    await start({}, 'GET /redfish/v1/Systems/*');
    expect(await failureOf(bench.ask('redfish_get', { path: MANAGER }))).toMatchObject({ status: 403 });
    expect(bmc.requests).toEqual([]);
  });
});
