import { type ProfileName, profileNames, startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, quickClients, targetOf, useBmc } from '../../bmc.spec-support.js';
import {
  AccountService,
  RedfishArgumentError,
  RedfishMissingError,
  RedfishPasswordChangeRequiredError,
  RedfishValidationError,
} from '../../index.js';

const ACCOUNTS = '/redfish/v1/AccountService/Accounts';
const OWN = `${ACCOUNTS}/1`;
const NEW = 'another-password';

const lab = useBmc();
const accounts = () => new AccountService(lab.client);
const changes = () =>
  lab.bmc.requests
    .filter(({ method, path }) => method === 'PATCH' || path.endsWith('ChangePassword'))
    .map(({ method, path }) => `${method} ${path}`);
const CHANGE = `POST ${OWN}/Actions/ManagerAccount.ChangePassword`;

it('lists the accounts of a BMC, and finds one by its user name', async () => {
  const [own] = await accounts().list();
  expect(own).toMatchObject({
    path: OWN,
    userName: lab.bmc.username,
    role: 'Administrator',
    isEnabled: true,
    isLocked: false,
    needsNewPassword: false,
  });
  expect(await accounts().find(lab.bmc.username)).toEqual(own);
  expect(await accounts().find(lab.bmc.username.toUpperCase())).toBeUndefined();
});

it.each(profileNames)('sets the own password at %s', async (profile: ProfileName) => {
  const bmc = await startBmc({ profile });
  const clients = quickClients();
  try {
    const path = await new AccountService(clientOf(clients, bmc)).setPassword(NEW);
    expect(bmc.resource(path)).toMatchObject({ UserName: bmc.username });
    expect([bmc.accepts(bmc.username, bmc.password), bmc.accepts(bmc.username, NEW)]).toEqual([false, true]);
  } finally {
    await clients.close();
    expect(bmc.sessions).toBe(0);
    await bmc.close();
  }
});

it('uses the action where the account offers it, and else PATCH', async () => {
  await accounts().setPassword(NEW);
  lab.bmc.change(OWN, { Actions: { '#ManagerAccount.ChangePassword': null } });
  const next = lab.clients.client(targetOf({ ...lab.bmc, url: lab.bmc.url, password: NEW }));
  await new AccountService(next).setPassword('third-password');
  expect(changes()).toEqual([CHANGE, `PATCH ${OWN}`]);
  expect(lab.bmc.accepts(lab.bmc.username, 'third-password')).toBe(true);
});

it('uses PATCH where the action does not exist', async () => {
  const nowhere = { target: `${OWN}/Actions/Manager.Nothing` };
  lab.bmc.change(OWN, { Actions: { '#ManagerAccount.ChangePassword': nowhere } });
  await accounts().setPassword(NEW);
  expect(changes()).toEqual([`PATCH ${OWN}`]);
});

it('leaves out the free slots of an iDRAC', async () => {
  const bmc = await startBmc({ profile: 'dell-idrac9' });
  try {
    const list = await new AccountService(clientOf(lab.clients, bmc)).list();
    expect(list.map(({ path }) => path)).toEqual([`${ACCOUNTS}/2`]);
  } finally {
    await lab.clients.close();
    await bmc.close();
  }
});

it('sets the password of another account', async () => {
  const body = { UserName: 'reader', Password: 'reader-password', RoleId: 'ReadOnly' };
  await lab.client.post(ACCOUNTS, body);
  expect(await accounts().setPassword(NEW, { userName: 'reader' })).toBe(`${ACCOUNTS}/2`);
  expect([lab.bmc.accepts('reader', NEW), lab.bmc.accepts(lab.bmc.username, NEW)]).toEqual([true, false]);
});

it('sets the own password of an account that may not read others', async () => {
  const bmc = await startBmc({ profile: 'openbmc' });
  const reader = { UserName: 'reader', Password: 'reader-password', RoleId: 'ReadOnly' };
  await clientOf(lab.clients, bmc).post(ACCOUNTS, reader);
  const client = clientOf(lab.clients, bmc, { username: 'reader', password: reader.Password });
  const own = new AccountService(client);
  expect((await own.list()).map(({ userName }) => userName)).toEqual(['reader']);
  expect(await own.setPassword(NEW)).toBe(`${ACCOUNTS}/reader`);
  expect(bmc.accepts('reader', NEW)).toBe(true);
  await lab.clients.close();
  await bmc.close();
});

it('says which accounts there are, if one is not there', async () => {
  const error = await failureOf(accounts().setPassword(NEW, { userName: 'nobody' }));
  expect(error).toBeInstanceOf(RedfishArgumentError);
  expect(error).toMatchObject({ property: 'UserName', allowed: [lab.bmc.username] });
  expect(changes()).toEqual([]);
});

it('tells what the BMC says of a password that it refuses, without the password', async () => {
  lab.bmc.misbehave({ quotesRequests: true });
  const error = await failureOf(accounts().setPassword('2short'));
  expect(error).toBeInstanceOf(RedfishValidationError);
  expect(error).toMatchObject({ properties: ['Password'], message: expect.stringContaining('8 to 64') });
  expect(String(error) + JSON.stringify((error as RedfishValidationError).answer)).not.toContain('2short');
});

it('needs an AccountService', async () => {
  lab.bmc.change('/redfish/v1', { AccountService: null });
  expect(await failureOf(accounts().list())).toBeInstanceOf(RedfishMissingError);
});

describe('where the own account needs a new password first', () => {
  it.each([
    ['201', 'auto'],
    ['201', 'session'],
    ['201', 'basic'],
    ['403', 'auto'],
    ['403', 'basic'],
  ] as const)('sets it at a BMC whose login is %s, with %s', async (passwordChangeRequired, auth) => {
    lab.bmc.misbehave({ passwordChangeRequired });
    const client = clientOf(lab.clients, lab.bmc, { auth });
    expect(await new AccountService(client).setPassword(NEW)).toBe(OWN);
    expect(lab.bmc.accepts(lab.bmc.username, NEW)).toBe(true);
    expect(changes()).toEqual([CHANGE]);
    // The session for the change is deleted at once.
    expect(lab.bmc.sessions).toBe(0);
    const next = lab.clients.client(targetOf({ ...lab.bmc, url: lab.bmc.url, password: NEW }, { auth }));
    expect((await next.get('/redfish/v1/Systems')).status).toBe(200);
  });

  it('finds an account that the message does not name by its Id', async () => {
    const misbehave = { passwordChangeRequired: '201', passwordChangeUnnamed: true } as const;
    const bmc = await startBmc({ profile: 'openbmc', misbehave });
    const path = await new AccountService(clientOf(lab.clients, bmc)).setPassword(NEW);
    expect([path, bmc.accepts(bmc.username, NEW)]).toEqual([`${ACCOUNTS}/${bmc.username}`, true]);
    await bmc.close();
    lab.bmc.misbehave(misbehave);
    expect(await failureOf(accounts().setPassword(NEW))).toBeInstanceOf(RedfishPasswordChangeRequiredError);
    expect(changes()).toEqual([]);
  });

  it('does not set that of another account', async () => {
    lab.bmc.misbehave({ passwordChangeRequired: '201' });
    const error = await failureOf(accounts().setPassword(NEW, { userName: 'reader' }));
    expect(error).toBeInstanceOf(RedfishPasswordChangeRequiredError);
    expect(changes()).toEqual([]);
  });

  it('stays as it is with a password that the BMC refuses', async () => {
    lab.bmc.misbehave({ passwordChangeRequired: '201' });
    expect(await failureOf(accounts().setPassword('short'))).toBeInstanceOf(RedfishValidationError);
    expect(lab.bmc.sessions).toBe(0);
    expect(lab.bmc.accepts(lab.bmc.username, lab.bmc.password)).toBe(true);
  });

  it('logs out when the pool closes meanwhile', async () => {
    lab.bmc.misbehave({ passwordChangeRequired: '201', neverAnswers: { path: 'ChangePassword' } });
    await lab.reopen({ timeouts: { close: 200 } });
    const failed = failureOf(accounts().setPassword(NEW));
    await lab.bmc.waitFor(() => changes().length > 0);
    await lab.clients.close();
    expect(await failed).toMatchObject({ code: 'closed' });
  });
});
