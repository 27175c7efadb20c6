import { type ProfileName, startBmc, type BmcServer } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, quickClients } from '../../bmc.spec-support.js';
import {
  BmcAttributes,
  RedfishArgumentError,
  RedfishValidationError,
  type RedfishPool,
} from '../../index.js';

const DELL = '/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/DellAttributes';

let bmc: BmcServer;
let clients: RedfishPool;

async function start(profile: ProfileName): Promise<BmcAttributes> {
  bmc = await startBmc({ profile });
  clients = quickClients();
  return new BmcAttributes(clientOf(clients, bmc));
}

afterEach(async () => {
  await clients.close();
  await bmc.close();
});

const changes = () =>
  bmc.requests.filter(({ method }) => method === 'PATCH').map(({ path, body }) => [path, body]);

it.each([
  [
    'dell-idrac9',
    ['iDRAC.Embedded.1', 'System.Embedded.1', 'LifecycleController.Embedded.1'].map((name) => ({
      name,
      path: `${DELL}/${name}`,
      kind: 'attributes',
    })),
  ],
  [
    'hpe-ilo5',
    [
      { name: 'Hpe', path: '/redfish/v1/Managers/1', kind: 'oem' },
      { name: 'SecurityService', path: '/redfish/v1/Managers/1/SecurityService', kind: 'resource' },
    ],
  ],
  ['generic', []],
] as const)('has the groups of %s', async (profile, groups) => {
  const attributes = await start(profile);
  expect(await attributes.groups()).toEqual(groups);
  bmc.forget();
  expect(await attributes.groups()).toEqual(groups);
  // What was found is kept.
  expect(bmc.requests.length === 0 || groups.length === 0).toBe(true);
});

it('reads a group with what is pending', async () => {
  const attributes = await start('dell-idrac9');
  bmc.change(`${DELL}/iDRAC.Embedded.1/Settings`, { Attributes: { 'WebServer.1.Timeout': 600 } });
  expect(await attributes.read()).toMatchObject({
    group: { name: 'iDRAC.Embedded.1' },
    attributes: { 'WebServer.1.Timeout': 1800 },
    pending: { 'WebServer.1.Timeout': 600 },
    registry: 'ManagerAttributeRegistry.v1_0_0',
  });
  expect(await attributes.read('System.Embedded.1')).toMatchObject({ pending: {} });
  expect(await failureOf(attributes.read('x'))).toMatchObject({ code: 'argument', property: 'group' });
});

it('sets attributes in the group that has all of them, although another cannot be read', async () => {
  const attributes = await start('dell-idrac9');
  await attributes.groups();
  bmc.remove(`${DELL}/iDRAC.Embedded.1`);
  const { group, job } = await attributes.set({ 'LCD.1.Configuration': 'None' });
  expect([group.name, job]).toEqual(['System.Embedded.1', undefined]);
  expect(changes()).toEqual([
    [`${DELL}/System.Embedded.1`, { Attributes: { 'LCD.1.Configuration': 'None' } }],
  ]);
});

it('shows the groups of a manager again that could not be read once', async () => {
  const attributes = await start('dell-idrac9');
  const [first = ''] = bmc.members('/redfish/v1/Managers');
  const second = '/redfish/v1/Managers/Second';
  bmc.change(second, { '@odata.id': second, Oem: { Acme: { Mode: 'On' } } });
  const [system = ''] = bmc.members('/redfish/v1/Systems');
  const managers = [first, second].map((path) => ({ '@odata.id': path }));
  bmc.change(system, { Links: { ManagedBy: managers } });
  bmc.misbehave({ html504: { path: second } });
  const partly = await attributes.read();
  expect(partly.groups).toHaveLength(3);
  expect(partly.unread).toMatchObject([{ path: second, error: { status: 504 } }]);
  expect(await failureOf(attributes.read('Acme'))).toMatchObject({
    message: expect.stringContaining(`${second} could not be read: `),
  });
  bmc.misbehave({ html504: false });
  expect((await attributes.groups()).map(({ name }) => name)).toContain('Acme');
});

it('finds a group that appeared later', async () => {
  const attributes = await start('hpe-ilo5');
  await attributes.groups();
  bmc.change('/redfish/v1/Managers/1', { Oem: { Acme: { Mode: 'On' } } });
  expect(await attributes.read('Acme')).toMatchObject({ attributes: { Mode: 'On' } });
});

it('nests the names of what is under Oem', async () => {
  const attributes = await start('lenovo-xcc');
  await attributes.set({ KCSEnabled: true, 'RecipientsSettings.RetryCount': 2 });
  expect(changes()).toEqual([
    [
      '/redfish/v1/Managers/1',
      { Oem: { Lenovo: { KCSEnabled: true, RecipientsSettings: { RetryCount: 2 } } } },
    ],
  ]);
});

it('refuses attributes that no group has, and tells what the BMC refuses', async () => {
  const attributes = await start('dell-idrac9');
  const unknown = await failureOf(attributes.set({ 'No.1.Such': 1, 'WebServer.1.Timeout': 1 }));
  expect(unknown).toBeInstanceOf(RedfishArgumentError);
  expect(unknown).toMatchObject({ message: expect.stringContaining('no attribute No.1.Such in') });
  const near = await failureOf(attributes.set({ 'WebServer.1.Timeot': 1 }));
  expect(near).toMatchObject({ message: expect.stringMatching(/\. Similar: WebServer\.1\.Timeout\.$/) });
  const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`Quux${at}`, 1]));
  const cut = await failureOf(attributes.set(many));
  expect(cut).toMatchObject({ message: expect.stringContaining(' Quux4 and 8995 more in ') });
  expect(changes()).toEqual([]);
  expect(await failureOf(attributes.set({ 'Info.1.Version': '1' }))).toBeInstanceOf(RedfishValidationError);
});
