import { call, login } from '../client.spec-support.js';
import { type BmcServer, startBmc } from '../server/bmc-server.js';

const SERVICE = '/redfish/v1/AccountService';
const ACCOUNTS = `${SERVICE}/Accounts`;
const OWN = `${ACCOUNTS}/1`;
const NEW = { UserName: 'reader', Password: 'reader-password', RoleId: 'ReadOnly' };

let bmc: BmcServer;
beforeEach(async () => {
  bmc = await startBmc();
});
afterEach(() => bmc.close());

const as = (username: string, password: string) => ({
  as: 'none' as const,
  headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
});
const patch = (path: string, body: object, options = {}) =>
  call(bmc, 'PATCH', path, { body: { ...body }, ...options });
const make = () => call(bmc, 'POST', ACCOUNTS, { body: NEW });

describe('accounts', () => {
  it('are listed with their roles and without passwords', async () => {
    const { body, headers } = await call(bmc, 'GET', OWN);
    expect(body).toMatchObject({ UserName: bmc.username, Password: null, RoleId: 'Administrator' });
    expect(headers['etag']).toBeDefined();
    const role = await call(bmc, 'GET', `${SERVICE}/Roles/ReadOnly`);
    expect(role.body['AssignedPrivileges']).toEqual(['Login', 'ConfigureSelf']);
    expect((await patch(`${SERVICE}/Roles/ReadOnly`, { RoleId: 'x' })).status).toBe(405);
  });

  it('get another password', async () => {
    expect((await patch(OWN, { Password: 'another-password' })).body['Password']).toBeNull();
    expect((await call(bmc, 'GET', OWN)).status).toBe(401);
    expect((await call(bmc, 'GET', OWN, as(bmc.username, 'another-password'))).status).toBe(200);
    expect(bmc.accepts(bmc.username, 'another-password')).toBe(true);
  });

  it('get another password by their action, from who knows the own one', async () => {
    const path = `${OWN}/Actions/ManagerAccount.ChangePassword`;
    const change = (body: object) => call(bmc, 'POST', path, { body: { ...body } });
    const parameters = { NewPassword: 'another-password', SessionAccountPassword: bmc.password };
    for (const [wrong, id] of [
      [{ SessionAccountPassword: 'wrong' }, 'ActionParameterValueFormatError'],
      [{ SessionAccountPassword: undefined }, 'ActionParameterMissing'],
      [{ NewPassword: 7 }, 'ActionParameterValueTypeError'],
      [{ NewPassword: 'short' }, 'PropertyValueFormatError'],
      [{ Password: 'x' }, 'ActionParameterUnknown'],
    ] as const) {
      const refused = await change({ ...parameters, ...wrong });
      expect([refused.status, refused.raw.includes(id)]).toEqual([400, true]);
    }
    expect((await change(parameters)).status).toBe(204);
    expect(bmc.accepts(bmc.username, 'another-password')).toBe(true);
  });

  it('keep their sessions, unless the BMC ends them', async () => {
    const first = await login(bmc);
    await patch(OWN, { Password: 'another-password' });
    expect((await call(bmc, 'GET', OWN, { as: first })).status).toBe(200);
    bmc.misbehave({ passwordChangeEndsSessions: true });
    await patch(OWN, { Password: bmc.password }, { as: first });
    expect(bmc.sessions).toBe(0);
  });

  it.each([
    [{ Password: 'short' }, 'PropertyValueFormatError'],
    [{ Password: 'x'.repeat(65) }, 'PropertyValueFormatError'],
    [{ Password: 7 }, 'PropertyValueTypeError'],
    [{ RoleId: 'King' }, 'PropertyValueNotInList'],
    [{ Locked: true }, 'PropertyValueNotInList'],
    [{ Id: '7' }, 'PropertyNotWritable'],
    [{ Colour: 'red' }, 'PropertyUnknown'],
    [{}, 'NoOperation'],
    [{ '@odata.id': '/redfish/v1/x' }, 'NoOperation'],
  ])('refuse %j', async (body, id) => {
    const refused = await patch(OWN, body);
    expect([refused.status, refused.raw.includes(id)]).toEqual([400, true]);
    expect(bmc.accepts(bmc.username, bmc.password)).toBe(true);
  });

  it('are checked against If-Match', async () => {
    const headers = { 'If-Match': '"of another day"' };
    expect((await patch(OWN, { Enabled: true }, { headers })).status).toBe(412);
  });

  it('are made and deleted', async () => {
    const made = await make();
    expect([made.status, made.headers['location']]).toEqual([201, `${ACCOUNTS}/2`]);
    expect((await make()).raw.includes('ResourceAlreadyExists')).toBe(true);
    expect(bmc.accepts(NEW.UserName, NEW.Password)).toBe(true);
    await call(bmc, 'POST', ACCOUNTS, { body: { UserName: 'x' } });
    expect((await call(bmc, 'DELETE', `${ACCOUNTS}/2`)).status).toBe(204);
    expect(bmc.accepts(NEW.UserName, NEW.Password)).toBe(false);
  });

  it('that are disabled or locked do not log in', async () => {
    await make();
    await patch(`${ACCOUNTS}/2`, { Enabled: false });
    expect(bmc.accepts(NEW.UserName, NEW.Password)).toBe(false);
  });

  it('may do what their role allows', async () => {
    await make();
    const reader = as(NEW.UserName, NEW.Password);
    expect((await call(bmc, 'GET', '/redfish/v1/Systems/1', reader)).status).toBe(200);
    expect((await call(bmc, 'GET', OWN, reader)).status).toBe(403);
    const change = await patch('/redfish/v1/Systems/1', { AssetTag: 'x' }, reader);
    expect([change.status, change.raw.includes('InsufficientPrivilege')]).toEqual([403, true]);
    expect((await patch(`${ACCOUNTS}/2`, { RoleId: 'Administrator' }, reader)).status).toBe(403);
    expect((await patch(`${ACCOUNTS}/2`, { Password: 'another-password' }, reader)).status).toBe(200);
    await patch(`${ACCOUNTS}/2`, { RoleId: 'Operator' });
    const operator = as(NEW.UserName, 'another-password');
    expect((await patch('/redfish/v1/Systems/1', { AssetTag: 'x' }, operator)).status).toBe(200);
    expect((await patch('/redfish/v1/Managers/BMC', { DateTimeLocalOffset: 'x' }, operator)).status).toBe(
      403,
    );
  });

  it('that need a new password may only change it, by session or by basic', async () => {
    await make();
    await patch(`${ACCOUNTS}/2`, { PasswordChangeRequired: true });
    const reader = as(NEW.UserName, NEW.Password);
    const refused = await call(bmc, 'GET', '/redfish/v1/Systems/1', reader);
    expect([refused.status, refused.raw.includes(`${ACCOUNTS}/2`)]).toEqual([403, true]);
    const { body, headers } = await call(bmc, 'POST', '/redfish/v1/SessionService/Sessions', {
      body: { UserName: NEW.UserName, Password: NEW.Password },
      as: 'none',
    });
    expect(JSON.stringify(body)).toContain('PasswordChangeRequired');
    const session = { as: { token: String(headers['x-auth-token']) } };
    expect((await call(bmc, 'GET', '/redfish/v1/Systems/1', session)).status).toBe(403);
    expect((await patch(`${ACCOUNTS}/2`, { Password: 'another-password' }, session)).status).toBe(200);
    expect((await call(bmc, 'GET', '/redfish/v1/Systems/1', session)).status).toBe(200);
    expect((await call(bmc, 'DELETE', String(headers['location']), session)).status).toBe(204);
  });
});

describe('accounts of vendors', () => {
  const startAs = async (profile: 'dell-idrac9' | 'openbmc') => {
    await bmc.close();
    bmc = await startBmc({ profile });
  };

  it('are slots on an iDRAC', async () => {
    await startAs('dell-idrac9');
    const { body } = await call(bmc, 'GET', ACCOUNTS);
    expect(body['Members@odata.count']).toBe(16);
    expect((await make()).status).toBe(405);
    expect((await patch(`${ACCOUNTS}/1`, NEW)).status).toBe(405);
    const slot = await patch(`${ACCOUNTS}/3`, { ...NEW, Enabled: true });
    expect(slot.status).toBe(200);
    expect(bmc.accepts(NEW.UserName, NEW.Password)).toBe(true);
  });

  it('have the user name as Id on OpenBMC', async () => {
    await startAs('openbmc');
    expect((await call(bmc, 'GET', `${ACCOUNTS}/${bmc.username}`)).status).toBe(200);
  });
});
