import { type BmcServer, type Misbehaviours, type ProfileName, startBmc } from '@ferrule/bmc-simulator';
import { BadArguments, Bench, failureOf } from '../../test/bench.js';

const OWN = '/redfish/v1/AccountService/Accounts/1';
const NEW = 'another-password';

let bmc: BmcServer;
let bench: Bench;

async function start(misbehave: Misbehaviours = {}, profile: ProfileName = 'generic'): Promise<void> {
  bmc = await startBmc({ misbehave, profile });
  bench = new Bench(bmc);
}

afterEach(async () => {
  await bench.close();
  const left = bmc.sessions;
  await bmc.close();
  expect(left).toBe(0);
});

const set = (password: string, username?: string) =>
  bench.ask('set_password', { password, ...(username !== undefined && { username }) });
const done = () => bmc.accepts(bmc.username, NEW);
const patches = () => bmc.requests.filter(({ method }) => method === 'PATCH');

it("sets the password of the node's account, and says that driver_info must follow", async () => {
  await start();
  await bench.ask('bios_get');
  expect(await set(NEW)).toEqual({ username: bmc.username, account: OWN, update_driver_info: true });
  expect(done()).toBe(true);
  // The session of the old password is gone, and that of the new one waits for the new driver_info.
  await bmc.waitFor(() => bmc.sessions === 1);
  const logins = bmc.logins;
  Object.assign(bench.driverInfo, { redfish_password: NEW });
  await bench.ask('bios_get');
  expect(bmc.logins).toBe(logins);
});

it('fails later calls with the old password at the login', async () => {
  await start();
  await set(NEW);
  expect(await failureOf(bench.call('bios_get'))).toMatchObject({ code: 'RedfishError', status: 500 });
  await bmc.waitFor(() => bmc.sessions === 0);
});

it('sets the password of another account', async () => {
  await start();
  const others = { UserName: 'reader', RoleId: 'ReadOnly' };
  const admin = new Bench(bmc, { settings: { requestAllow: '* /redfish/v1/*' } });
  const path = 'AccountService/Accounts';
  await admin.ask('redfish_request', {
    verb: 'POST',
    path,
    body: { ...others, Password: 'reader-password' },
  });
  await admin.close();
  expect(await set(NEW, 'reader')).toMatchObject({ username: 'reader', update_driver_info: false });
  expect([bmc.accepts('reader', NEW), done()]).toEqual([true, false]);
});

it.each(['201', '403'] as const)('works where the BMC demands it first (%s)', async (how) => {
  await start({ passwordChangeRequired: how });
  expect(await failureOf(bench.call('bios_get'))).toMatchObject({
    message: expect.stringMatching(/password/i),
  });
  expect(await set(NEW)).toMatchObject({ account: OWN, update_driver_info: true });
  expect(done()).toBe(true);
});

it('works where the change ends the sessions', async () => {
  await start({ passwordChangeEndsSessions: true });
  expect(await set(NEW)).toMatchObject({ account: OWN });
});

it('notices a change whose answer was lost', async () => {
  const resetOnce = { when: 'after-effect', times: 1, method: 'POST', path: 'ChangePassword' } as const;
  await start({ passwordChangeEndsSessions: true, resetOnce });
  expect(await set(NEW)).toMatchObject({ update_driver_info: true });
  expect(done()).toBe(true);
});

const PATHS = { method: ['PATCH', 'POST'], path: '/Accounts/' };
const LOST = { when: 'after-effect', times: 1, ...PATHS } as const;
const UNDONE = { ...LOST, when: 'before-effect' } as const;
const changes = () =>
  bmc.requests.filter(({ method, path }) => method !== 'GET' && path.includes('/Accounts/'));

// By the action, and by PATCH.
describe.each<ProfileName>(['generic', 'dell-idrac9'])('on %s', (profile) => {
  it('tries the new password after a lost answer, before it sends the change again', async () => {
    await start({ resetOnce: LOST, html400: { ...PATHS, after: 1 } }, profile);
    expect(await set(NEW)).toEqual({ username: bmc.username, account: null, update_driver_info: true });
    expect(done()).toBe(true);
    expect(changes()).toHaveLength(1);
  });

  it('tries the new password after a 500', async () => {
    await start({ doneBut500: PATHS }, profile);
    expect(await set(NEW)).toEqual({ username: bmc.username, account: null, update_driver_info: true });
    expect(changes()).toHaveLength(1);
  });

  it('reports a 500 if the new password does not work', async () => {
    await start({ doneBut500: { method: 'GET', path: '/Accounts' } }, profile);
    expect(await failureOf(set(NEW))).toMatchObject({ code: 'RedfishError', status: 500 });
    expect([done(), changes()]).toEqual([false, []]);
  });

  it('sends the change again if the lost one had no effect', async () => {
    await start({ resetOnce: UNDONE }, profile);
    expect(await set(NEW)).toMatchObject({ account: expect.any(String), update_driver_info: true });
    expect(done()).toBe(true);
    expect(changes()).toHaveLength(2);
  });

  it('reports the refusal of a repeated change if the new password does not work', async () => {
    await start({ resetOnce: UNDONE, html400: PATHS }, profile);
    expect(await failureOf(set(NEW))).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
    expect(done()).toBe(false);
  });

  it('is in doubt if no login can tell whether the password was set', async () => {
    await start({}, profile);
    await bench.ask('bios_get');
    bmc.misbehave({ resetOnce: LOST, html504: { path: /\/AccountService$/, after: 1 } });
    const failure = await failureOf(set(NEW));
    expect(failure).toMatchObject({ code: 'OutcomeUnknown', status: 500 });
    expect(failure.message).toContain('The request was sent; the BMC may have done it.');
    expect(changes()).toHaveLength(1);
  });
});

it('may be repeated with the old driver_info', async () => {
  await start();
  await set(NEW);
  expect(await set(NEW)).toMatchObject({ username: bmc.username, update_driver_info: true });
});

it("answers 400 with the BMC's words for a password that it refuses, without the password", async () => {
  await start({ quotesRequests: true });
  const failure = await failureOf(set('2short'));
  expect(failure).toMatchObject({ status: 400, code: 'InvalidParameterValue' });
  expect(failure.message).toContain('refuses the password. POST ');
  expect(failure.message).toContain('8 to 64 characters');
  expect(failure.message).not.toContain('2short');
});

it('answers 400 for an account that is not there', async () => {
  await start();
  expect(await failureOf(set(NEW, 'nobody'))).toMatchObject({
    status: 400,
    message: expect.stringContaining(`there are: ${bmc.username}`),
  });
  expect(patches()).toEqual([]);
});

it.each([{}, { password: '' }, { password: 'with\nline' }, { password: 7 }, { password: NEW, username: '' }])(
  'refuses %j',
  async (args) => {
    await start();
    expect(await failureOf(bench.call('set_password', args))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  },
);
