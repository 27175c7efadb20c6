import { type JsonObject } from '@ferrule/driver-kit';
import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';
import { placeBelow } from './redfish-request.js';

const send = (args: JsonObject) => bench.ask('redfish_request', args);

describe('the arguments of redfish_request', () => {
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
