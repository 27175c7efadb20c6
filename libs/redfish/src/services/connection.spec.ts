import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { failureOf } from '../bmc.spec-support.js';
import {
  connect,
  type RedfishClient,
  RedfishClosedError,
  RedfishPool,
  RedfishTargetError,
} from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('a connection', () => {
  let bmc: BmcServer;
  beforeEach(async () => {
    bmc = await startBmc();
  });
  afterEach(async () => bmc.close());

  const login = (): { username: string; password: string } => ({
    username: bmc.username,
    password: bmc.password,
  });

  it('reads the service root, logs in when needed, and logs out at the end of its block', async () => {
    let left: RedfishClient;
    {
      await using client = await connect(bmc.url, login());
      left = client;
      expect(bmc.requests.map(({ path }) => path)).toEqual(['/redfish/v1/']);
      expect((await client.system()).body['Id']).toBe('1');
      expect(bmc.sessions).toBe(1);
    }
    expect(bmc.sessions).toBe(0);
    expect(await failureOf(left.get(SYSTEMS))).toBeInstanceOf(RedfishClosedError);
  });

  it('is not made where there is no Redfish service', async () => {
    bmc.misbehave({ html200: { path: '/redfish/v1' } });
    expect(await failureOf(connect(bmc.url, login()))).toMatchObject({ code: 'response' });
    await bmc.waitFor(({ connections }) => connections.current === 0);
  });

  it('takes limits as the pool does', async () => {
    bmc.misbehave({ neverAnswers: { path: '/redfish/v1/' } });
    const options = { ...login(), timeouts: { firstByte: 20 }, retries: { attempts: 1 } };
    expect(await failureOf(connect(bmc.url, options))).toMatchObject({
      code: 'timeout',
      phase: 'first-byte',
    });
  });

  it.each([
    ['bmc.example', {}, /^"bmc\.example" is not the address of a BMC/],
    ['ftp://bmc.example', {}, /is not the address/],
    ['https://', {}, /is not the address/],
    ['https://root:hunter2@bmc.example', {}, /may not have a user/],
    ['root:hunter2@bmc.example', {}, /^"\*\*\*@bmc\.example" is not/],
    ['https://root:hunt/er2@bmc.example:x', {}, /^"https:\/\/\*\*\*@bmc\.example:x" is not/],
    ['https://bmc.example/?x=1', {}, /may have a path, but no query/],
    ['https://bmc.example', { password: 'hunter2' }, /A password without a user name/],
    ['https://bmc.example', { ca: '/etc/ssl/ca.pem' }, /The option ca has no certificate/],
  ])('to %s with %j is refused before anything is sent', async (address, access, message) => {
    const error = await failureOf(connect(address, access));
    expect(error).toBeInstanceOf(RedfishTargetError);
    expect(String(error).replace('RedfishTargetError: ', '')).toMatch(message);
    expect(String(error)).not.toMatch(/hunt/);
  });
});

describe('a pool', () => {
  it('serves many BMCs, each with its own session, and ends all of them with its block', async () => {
    const bmcs = await Promise.all([startBmc(), startBmc({ profile: 'dell-idrac9' })]);
    try {
      {
        await using pool = new RedfishPool();
        const models = bmcs.map(async ({ url, username, password }) => {
          const { body } = await pool.client(new URL(url), { username, password }).system();
          return body['Manufacturer'];
        });
        expect(await Promise.all(models)).toEqual([expect.any(String), 'Dell Inc.']);
        expect(bmcs.map(({ sessions }) => sessions)).toEqual([1, 1]);
      }
      expect(bmcs.map(({ sessions }) => sessions)).toEqual([0, 0]);
    } finally {
      await Promise.all(bmcs.map(async (bmc) => bmc.close()));
    }
  });
});
