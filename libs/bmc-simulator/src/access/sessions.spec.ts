import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { FOREIGN_ORIGIN } from '../tree/paths.js';
import { call, login, type Reply } from '../client.spec-support.js';

const SESSIONS = '/redfish/v1/SessionService/Sessions';
const SYSTEMS = '/redfish/v1/Systems';

describe('sessions', () => {
  let bmc: BmcServer;
  beforeEach(async () => {
    bmc = await startBmc();
  });
  afterEach(() => bmc.close());

  const enter = (password = bmc.password): Promise<Reply> =>
    call(bmc, 'POST', SESSIONS, { body: { UserName: bmc.username, Password: password }, as: 'none' });
  const read = (token: string): Promise<Reply> => call(bmc, 'GET', SYSTEMS, { as: { token } });

  it('are members of their collection while they live', async () => {
    const { path } = await login(bmc);
    const listed = await call(bmc, 'GET', SESSIONS);
    expect(listed.body).toMatchObject({ Members: [{ '@odata.id': path }], 'Members@odata.count': 1 });
  });

  it('end by sessionExpired, and by expireSessions', async () => {
    const first = await login(bmc);
    bmc.misbehave({ sessionExpired: 1 });
    expect((await read(first.token)).status).toBe(401);
    const second = await login(bmc);
    expect((await read(second.token)).status).toBe(200);
    bmc.expireSessions();
    expect((await read(second.token)).status).toBe(401);
    expect(bmc).toMatchObject({ logins: 2, sessions: 0 });
  });

  it('end when idle for too long', async () => {
    const { token } = await login(bmc);
    bmc.misbehave({ sessionTimeoutMs: -1 });
    expect((await read(token)).status).toBe(401);
  });

  it('outlive a spurious401', async () => {
    const { token } = await login(bmc);
    bmc.misbehave({ spurious401: 1 });
    expect([(await read(token)).status, (await read(token)).status]).toEqual([401, 200]);
    expect(bmc.sessions).toBe(1);
  });

  it('are limited: sessionLimit, and noFreeSession with RAC0218', async () => {
    bmc.misbehave({ sessionLimit: 1 });
    const { token, path } = await login(bmc);
    expect((await enter()).status).toBe(503);
    await call(bmc, 'DELETE', path, { as: { token } });
    expect((await enter()).status).toBe(201);
    bmc.misbehave({ sessionLimit: undefined, noFreeSession: 1 });
    const full = await enter();
    expect(full.status).toBe(503);
    expect(full.raw.toString()).toContain('RAC0218');
    expect((await enter()).status).toBe(201);
  });

  it('are limited to eight on Dell', async () => {
    const dell = await startBmc({ profile: 'dell-idrac9' });
    try {
      for (let opened = 0; opened < 8; opened += 1) {
        await login(dell);
      }
      const ninth = await call(dell, 'POST', SESSIONS, {
        body: { UserName: dell.username, Password: dell.password },
        as: 'none',
      });
      expect([ninth.status, ninth.raw.includes('RAC0218'), dell.sessions]).toEqual([503, true, 8]);
    } finally {
      await dell.close();
    }
  });

  it('are described by the parts of the answer that sessionLocationMissing leaves', async () => {
    bmc.misbehave({ sessionLocationMissing: true });
    const bodyOnly = await enter();
    expect([bodyOnly.headers['location'], bodyOnly.body['@odata.id']]).toEqual([undefined, `${SESSIONS}/1`]);
    bmc.misbehave({ sessionLocationMissing: 'and-body' });
    const nothing = await enter();
    expect([nothing.status, nothing.headers['location'], nothing.raw.length]).toEqual([201, undefined, 0]);
    bmc.misbehave({ sessionLocationMissing: undefined, sessionLocationAbsolute: 'foreign' });
    expect((await enter()).headers['location']).toBe(`${FOREIGN_ORIGIN}${SESSIONS}/3`);
    bmc.misbehave({ sessionLocationAbsolute: 'own', sessionTokenMissing: true });
    const tokenless = await enter();
    expect(tokenless.headers['location']).toBe(`${bmc.address}${SESSIONS}/4`);
    expect(tokenless.headers['x-auth-token']).toBeUndefined();
  });

  it('are not there with noSessionService; basic works', async () => {
    bmc.misbehave({ noSessionService: true });
    const root = await call(bmc, 'GET', '/redfish/v1/', { as: 'none' });
    expect(root.body).toMatchObject({ Links: {} });
    expect(root.body['SessionService']).toBeUndefined();
    expect((await enter()).status).toBe(404);
    expect((await call(bmc, 'GET', SYSTEMS)).status).toBe(200);
  });

  it('are found at the usual path with sessionsLinkHidden', async () => {
    bmc.misbehave({ sessionsLinkHidden: true });
    expect((await call(bmc, 'GET', '/redfish/v1/')).body['Links']).toEqual({});
    expect((await enter()).status).toBe(201);
  });

  it('report passwordChangeRequired', async () => {
    bmc.misbehave({ passwordChangeRequired: '403' });
    const refused = await enter();
    expect([refused.status, refused.raw.includes('PasswordChangeRequired')]).toEqual([403, true]);
    bmc.misbehave({ passwordChangeRequired: '201' });
    const restricted = await enter();
    expect([restricted.status, restricted.raw.includes('PasswordChangeRequired')]).toEqual([201, true]);
    expect((await read(String(restricted.headers['x-auth-token']))).status).toBe(403);
  });

  it('lock the account after a number of failures', async () => {
    bmc.misbehave({ lockAccountAfter: 2 });
    await enter('wrong');
    await enter('wrong');
    const locked = await enter();
    expect([locked.status, locked.raw.includes('The account is locked')]).toEqual([401, true]);
  });

  it('basicRefused answers basic authentication with 401', async () => {
    bmc.misbehave({ basicRefused: true });
    expect((await call(bmc, 'GET', SYSTEMS)).status).toBe(401);
  });

  it('stay open with forbiddenWithLicence', async () => {
    const { token } = await login(bmc);
    bmc.misbehave({ forbiddenWithLicence: { path: '/Systems', times: 1 } });
    const refused = await read(token);
    expect([refused.status, refused.raw.includes('OemLicenseNotPassed')]).toEqual([403, true]);
    expect((await read(token)).status).toBe(200);
  });

  it('end with a restart; subscriptions are lost only if asked for', async () => {
    await login(bmc);
    const body = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish' };
    await call(bmc, 'POST', '/redfish/v1/EventService/Subscriptions', { body });
    bmc.restart();
    expect([bmc.sessions, bmc.subscriptions.length]).toEqual([0, 1]);
    bmc.restart({ losesSubscriptions: true });
    expect(bmc.subscriptions).toEqual([]);
  });
});
