import { type BmcServer, startBmc } from './bmc-server.js';
import { profileNames } from '../profiles/index.js';
import { call, login, subscriptionFor } from '../client.spec-support.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';

/** The DGX lists it on purpose. */
const NOT_THERE = '/redfish/v1/Chassis/HGX_GPU_SXM_5';

describe.each(profileNames)('a BMC of profile %s', (profile) => {
  let bmc: BmcServer;
  beforeEach(async () => {
    bmc = await startBmc({ profile });
  });
  afterEach(() => bmc.close());

  it('shows only its root without credentials', async () => {
    const root = await call(bmc, 'GET', '/redfish/v1/', { as: 'none' });
    const systems = await call(bmc, 'GET', '/redfish/v1/Systems', { as: 'none' });
    expect([root.status, systems.status]).toEqual([200, 401]);
    expect(root.body['Links']).toEqual({ Sessions: { '@odata.id': '/redfish/v1/SessionService/Sessions' } });
  });

  it('has no broken link', async () => {
    const seen = new Set<string>();
    const queue = ['/redfish/v1/'];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (!seen.has(path)) {
        seen.add(path);
        const reply = await call(bmc, 'GET', path);
        expect([path, reply.status]).toEqual([path, path === NOT_THERE ? 404 : 200]);
        const links = reply.raw.toString().matchAll(/"@odata\.id":"([^"]+)"/g);
        queue.push(...[...links].map(([, link]) => link ?? ''));
      }
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  it('opens and closes sessions', async () => {
    const { token, path } = await login(bmc);
    expect(bmc).toMatchObject({ logins: 1, sessions: 1 });
    expect(await call(bmc, 'GET', '/redfish/v1/Systems', { as: { token } })).toMatchObject({ status: 200 });
    expect(await call(bmc, 'DELETE', path, { as: { token } })).toMatchObject({ status: 204 });
    expect(await call(bmc, 'GET', '/redfish/v1/Systems', { as: { token } })).toMatchObject({ status: 401 });
    expect(bmc).toMatchObject({ logins: 1, sessions: 0 });
  });

  it('keeps a subscription until it is deleted', async () => {
    const made = await call(bmc, 'POST', SUBSCRIPTIONS, { body: subscriptionFor(bmc) });
    expect(made).toMatchObject({ status: 201, body: { Destination: 'https://192.0.2.1/events' } });
    const path = String(made.headers['location']);
    expect(bmc.subscriptions).toMatchObject([{ '@odata.id': path, Context: 'ferrule' }]);
    expect(await call(bmc, 'GET', path)).toMatchObject({ status: 200, body: { Context: 'ferrule' } });
    expect(await call(bmc, 'DELETE', path)).toMatchObject({ status: 204 });
    expect(bmc.subscriptions).toEqual([]);
  });

  it('refuses wrong credentials', async () => {
    const reply = await call(bmc, 'POST', '/redfish/v1/SessionService/Sessions/', {
      body: { UserName: bmc.username, Password: 'wrong' },
      as: 'none',
    });
    expect(reply.status).toBe(401);
    expect(bmc).toMatchObject({ logins: 0, loginAttempts: 1, sessions: 0 });
  });
});

describe('a BMC with TLS', () => {
  it('is trusted only with its own certificate', async () => {
    const bmc = await startBmc({ tls: true });
    const other = await startBmc({ tls: true });
    try {
      expect(await call(bmc, 'GET', '/redfish/v1/')).toMatchObject({ status: 200 });
      const refused = call(bmc, 'GET', '/redfish/v1/', { ca: other.caPem });
      await expect(refused).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    } finally {
      await Promise.all([bmc.close(), other.close()]);
    }
  });
});
