import { baremetalWith } from '../support/baremetal.js';
import { KEYSTONE_PROGRAMS, TestKeystone } from '../support/keystone.js';
import { describeWithSdk, expectSdkToWork } from '../support/openstacksdk.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

type Row = Record<string, unknown>;

describeWithProgram(...KEYSTONE_PROGRAMS, 'baremetal')('a service with a real Keystone', () => {
  let keystone: TestKeystone;
  let directory: DataDirectory;
  let service: Service;
  beforeAll(async () => {
    [keystone, directory] = await Promise.all([TestKeystone.start(), dataDirectory()]);
    const { token, userId } = await keystone.login('admin');
    service = await directory.start({
      ...(await keystone.applicationCredential({ token, userId })),
      FERRULE_KEYSTONE_TIMEOUT: '15',
      FERRULE_KEYSTONE_CACHE: '1h',
      FERRULE_DEFAULT_VENDOR_INTERFACE: 'fake-options',
    });
  });
  afterAll(async () => {
    keystone.thaw();
    await Promise.all([keystone.stop(), directory.dispose()]);
  });

  const ask = async (token?: string) =>
    service.http.get('/v1/nodes', token === undefined ? {} : { headers: { 'X-Auth-Token': token } });

  const { shows } = baremetalWith(() => ({
    ...keystone.clientEnvironment,
    OS_SYSTEM_SCOPE: 'all',
    OS_ENDPOINT_OVERRIDE: service.http.base,
    OS_BAREMETAL_ENDPOINT_OVERRIDE: service.http.base,
  }));

  describeWithSdk('openstacksdk', () => {
    it('logs in with a password and is known', () =>
      expectSdkToWork(service.http.base, { ...keystone.clientEnvironment, OS_SYSTEM_SCOPE: 'all' }));
  });

  it('knows the caller of baremetal, who logs in with a password', async () => {
    const node = await shows<Row>('node', 'create', '--driver', 'fake-hardware', '--name', 'n1');
    expect(node).toMatchObject({ name: 'n1' });
    expect(await shows<Row[]>('node', 'list')).toEqual([expect.objectContaining({ Name: 'n1' })]);
  });

  it('refuses requests without a token and with a wrong one, and says where Keystone is', async () => {
    for (const token of [undefined, 'notused', 'gAAAAABwrong']) {
      const answer = (await ask(token)).expect(401);
      expect(answer.headers['www-authenticate']).toBe(`Keystone uri="${keystone.url.replace('/v3', '')}"`);
    }
  });

  it('refuses a token that was revoked before it was first used', async () => {
    const { token } = await keystone.login('system');
    await keystone.revoke(token);
    (await ask(token)).expect(401);
  });

  it('answers 503 for unknown tokens while Keystone is frozen or gone; known ones go on', async () => {
    const [known, second, third] = [
      await keystone.login('system'),
      await keystone.login('system'),
      await keystone.login('system'),
    ];
    await until(async () => (await ask(known.token)).status === 200);
    keystone.freeze();
    const answer = (await ask(second.token)).expect(503);
    expect(answer.fault.faultstring).toContain('Keystone does not answer');
    (await ask(known.token)).expect(200);
    keystone.thaw();
    await until(async () => (await ask(second.token)).status === 200);
    await keystone.kill();
    (await ask(third.token)).expect(503);
    (await ask(known.token)).expect(200);
    await keystone.begin();
    await until(async () => (await ask(third.token)).status === 200);
    expect(service.log).not.toContain(third.token);
  });
});
