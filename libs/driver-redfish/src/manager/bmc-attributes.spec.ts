import { type BmcOptions, type ProfileName } from '@ferrule/bmc-simulator';
import { type JsonObject } from '@ferrule/driver-kit';
import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start as begin } from '../../test/started.js';

const DELL = '/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/DellAttributes';
const IDRAC = `${DELL}/iDRAC.Embedded.1`;
const GROUPS = ['iDRAC.Embedded.1', 'System.Embedded.1', 'LifecycleController.Embedded.1'];

const start = async (profile: ProfileName, options: BmcOptions = {}): Promise<void> =>
  begin({ profile, ...options });

const get = (group?: string) => bench.ask('bmc_attributes_get', group === undefined ? {} : { group });
const set = (attributes: JsonObject, more: JsonObject = {}) =>
  bench.ask('bmc_attributes_set', { attributes, ...more });
const patches = () =>
  bmc.requests.filter(({ method }) => method === 'PATCH').map(({ path, body }) => [path, body]);

describe('on an iDRAC', () => {
  it('are believed as they are if a repeated change is refused after a lost answer', async () => {
    const lost = { when: 'after-effect', times: 1, method: 'PATCH', path: 'DellAttributes' } as const;
    const refused = { method: 'PATCH', path: 'DellAttributes', after: 1 };
    await start('dell-idrac9', { misbehave: { resetOnce: lost, html400: refused } });
    const values = { 'WebServer.1.Timeout': 900 };
    expect(await set(values)).toMatchObject({ attributes: values });
    expect(patches()).toHaveLength(2);
  });

  it('are read by group, with the names of all groups', async () => {
    await start('dell-idrac9');
    expect(await get()).toMatchObject({
      groups: GROUPS,
      group: 'iDRAC.Embedded.1',
      path: IDRAC,
      registry: 'ManagerAttributeRegistry.v1_0_0',
      attributes: { 'NTPConfigGroup.1.NTPEnable': 'Disabled', 'WebServer.1.Timeout': 1800 },
      pending: {},
      apply_times: ['Immediate', 'AtMaintenanceWindowStart'],
    });
    bmc.forget();
    expect(await get('System.Embedded.1')).toMatchObject({ registry: 'SystemAttributeRegistry.v1_0_0' });
    expect(bmc.requests.map(({ path }) => path.replace(DELL, ''))).toEqual([
      '/System.Embedded.1',
      '/System.Embedded.1/Settings',
    ]);
  });

  it('are set at once', async () => {
    await start('dell-idrac9');
    const wanted = { 'NTPConfigGroup.1.NTPEnable': 'Enabled', 'NTPConfigGroup.1.NTP1': 'ntp.example' };
    expect(await set(wanted)).toEqual({
      group: 'iDRAC.Embedded.1',
      attributes: wanted,
      pending: {},
      job: null,
      apply_time: null,
    });
    expect(patches()).toEqual([[IDRAC, { Attributes: wanted }]]);
  });

  it('are set in the group that has them', async () => {
    await start('dell-idrac9');
    const wanted = { 'LCD.1.Configuration': 'None' };
    expect(await set(wanted)).toMatchObject({ group: 'System.Embedded.1', attributes: wanted });
    expect(patches()).toMatchObject([[`${DELL}/System.Embedded.1`, { Attributes: wanted }]]);
  });

  it('wait for the apply time in a job', async () => {
    await start('dell-idrac9');
    const made = await set({ 'WebServer.1.Timeout': 600 }, { apply_time: 'AtMaintenanceWindowStart' });
    expect(made).toEqual({
      group: 'iDRAC.Embedded.1',
      attributes: { 'WebServer.1.Timeout': 1800 },
      pending: { 'WebServer.1.Timeout': 600 },
      job: expect.stringMatching(/JID_\d+$/),
      apply_time: 'AtMaintenanceWindowStart',
    });
    expect(patches()).toMatchObject([
      [`${IDRAC}/Settings`, { '@Redfish.SettingsApplyTime': { ApplyTime: 'AtMaintenanceWindowStart' } }],
    ]);
  });

  it('are set by a job that runs at once', async () => {
    await start('dell-idrac9');
    const made = await set({ 'WebServer.1.Timeout': 600 }, { apply_time: 'Immediate' });
    expect(made).toMatchObject({ attributes: { 'WebServer.1.Timeout': 600 }, pending: {}, job: null });
  });

  it.each<[JsonObject, JsonObject, string]>([
    [{ 'No.1.Such': 1 }, {}, 'no attribute No.1.Such'],
    [{ 'No.1.Such': 1 }, { group: 'System.Embedded.1' }, 'in System.Embedded.1.'],
    [{ 'LCD.1.Configuration': 'x', 'WebServer.1.Timeout': 1 }, {}, 'in iDRAC.Embedded.1, System.Embedded.1'],
    [{ 'WebServer.1.Timeout': 1 }, { group: 'nothing' }, 'it has iDRAC.Embedded.1, System.Embedded.1'],
    [{ 'WebServer.1.Timeout': 1 }, { apply_time: 'OnReset' }, 'it has Immediate, AtMaintenanceWindowStart'],
  ])('%j with %j are refused before anything is changed', async (attributes, more, text) => {
    await start('dell-idrac9');
    const failure = await failureOf(set(attributes, more));
    expect(failure).toMatchObject({ status: 400, code: 'InvalidParameterValue' });
    expect(failure.message).toContain(text);
    expect(patches()).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [{ 'Info.1.Version': '8' }, 'read-only'],
    [{ 'WebServer.1.Timeout': 'long' }, 'Attributes/WebServer.1.Timeout'],
  ])("%j are refused with the BMC's words", async (attributes, text) => {
    await start('dell-idrac9');
    const failure = await failureOf(set(attributes));
    expect(failure).toMatchObject({ status: 400, code: 'InvalidParameterValue' });
    expect(failure.message).toContain(text);
  });

  it('do not show passwords', async () => {
    await start('dell-idrac9', { misbehave: { quotesRequests: true } });
    const wanted = { 'Users.2.Password': 'planted-secret', 'WebServer.1.Timeout': 'long' };
    expect((await failureOf(set(wanted))).message).not.toContain('planted-secret');
    expect(JSON.stringify(await set({ 'Users.2.Password': 'planted-secret' }))).not.toContain(
      'planted-secret',
    );
  });

  it('are found again after an update that moved them', async () => {
    await start('dell-idrac9');
    await get();
    const manager = '/redfish/v1/Managers/iDRAC.Embedded.1';
    bmc.remove(IDRAC);
    bmc.change(manager, {
      Links: { Oem: { Dell: { DellAttributes: [{ '@odata.id': `${DELL}/System.Embedded.1` }] } } },
    });
    expect(await get()).toMatchObject({ groups: ['System.Embedded.1'] });
  });
});

describe('of other vendors', () => {
  it.each([
    ['hpe-ilo5', 'Hpe', 'FederationConfig.MulticastTimeToLive', 6],
    ['hpe-ilo4', 'Hp', 'IdleConnectionTimeoutMinutes', 60],
    ['lenovo-xcc', 'Lenovo', 'RecipientsSettings.RetryCount', 3],
  ] as const)('are the properties under Oem of the Manager (%s)', async (profile, group, name, value) => {
    await start(profile);
    const { attributes } = await get();
    expect(Object.keys(attributes as object)).toContain(name);
    expect(await set({ [name]: value })).toMatchObject({ group, attributes: { [name]: value } });
    const [outer, inner] = name.split('.');
    const leaf = inner === undefined ? value : { [inner]: value };
    expect(patches().at(-1)).toEqual([
      '/redfish/v1/Managers/1',
      { Oem: { [group]: { [String(outer)]: leaf } } },
    ]);
    expect(await get()).toMatchObject({ attributes: { ...(attributes as object), [name]: value } });
  });

  it.each([
    ['hpe-ilo6', 'SecurityService', { 'LoginSecurityBanner.IsEnabled': true }],
    ['lenovo-xcc', 'Security', { EnforceSecureProtocols: false }],
  ] as const)('and those of the resources that it links (%s)', async (profile, group, wanted) => {
    await start(profile);
    expect((await get())['groups']).toContain(group);
    expect(await set(wanted)).toMatchObject({ group, attributes: wanted });
    expect(await get(group)).toMatchObject({ group, attributes: wanted });
  });

  it('that can only be read are refused with the words of the BMC', async () => {
    await start('hpe-ilo5');
    expect(await failureOf(set({ SerialCLIUART: 'Absent' }))).toMatchObject({
      status: 400,
      code: 'InvalidParameterValue',
      message: expect.stringContaining('PropertyNotWritable'),
    });
  });

  it('are not supported where there are none', async () => {
    await start('generic');
    expect(await failureOf(get())).toMatchObject({ status: 400, code: 'UnsupportedDriverExtension' });
    expect(await failureOf(set({ a: 1 }))).toMatchObject({ status: 400, code: 'UnsupportedDriverExtension' });
  });
});

it.each([
  {},
  { attributes: {} },
  { attributes: { a: [] } },
  { attributes: { a: 1 }, group: '' },
  { attributes: { a: 1 }, apply_time: 'soon' },
])('refuses %j', async (args) => {
  await start('generic');
  expect(await failureOf(bench.call('bmc_attributes_set', args))).toBeInstanceOf(BadArguments);
  expect(bmc.requests).toEqual([]);
});
