import { useBmc, failureOf } from '../../bmc.spec-support.js';
import { Attributes, RedfishArgumentError, RedfishValidationError, Settings } from '../../index.js';
import { flattened, nested } from './flat-properties.js';

const BIOS = '/redfish/v1/Systems/1/Bios';
const SYSTEM = '/redfish/v1/Systems/1';

const lab = useBmc();
const patches = () => lab.bmc.requests.filter(({ method }) => method === 'PATCH').map(({ path }) => path);

describe('settings', () => {
  it('name what is similar to an unknown attribute', async () => {
    const attributes = new Attributes(lab.client);
    const error = await failureOf(attributes.set(await attributes.read(BIOS), { NumLok: 1 }));
    expect(error).toMatchObject({ message: `${BIOS} has no attribute NumLok. Similar: NumLock.` });
  });

  it('do not name all of many unknown attributes', async () => {
    const attributes = new Attributes(lab.client);
    const wanted = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`Quux${at}`, 1]));
    const error = await failureOf(attributes.set(await attributes.read(BIOS), wanted));
    expect(error).toMatchObject({
      message: `${BIOS} has no attribute Quux0, Quux1, Quux2, Quux3, Quux4 and 8995 more.`,
    });
  });

  it('are read with their settings object and apply times', async () => {
    const settings = new Settings(lab.client);
    const view = await settings.read(BIOS);
    expect(view).toMatchObject({ settings: `${BIOS}/Settings`, applyTimes: ['OnReset', 'Immediate'] });
    expect(await settings.pending(view)).toMatchObject({ Attributes: {} });
  });

  it('of a resource without them are changed in the resource itself', async () => {
    const settings = new Settings(lab.client);
    const view = await settings.read(SYSTEM);
    expect([view.settings, view.applyTimes, await settings.pending(view)]).toEqual([
      undefined,
      [],
      undefined,
    ]);
    expect(await settings.change(view, { AssetTag: 'rack 7' })).toEqual({ job: undefined });
    expect(lab.bmc.resource(SYSTEM)).toMatchObject({ AssetTag: 'rack 7' });
    const error = await failureOf(settings.change(view, { AssetTag: 'x' }, { applyTime: 'OnReset' }));
    expect(error).toMatchObject({
      code: 'argument',
      allowed: [],
      message: expect.stringContaining('lets none'),
    });
  });

  it('may be changed at once, or at a time', async () => {
    const settings = new Settings(lab.client);
    const view = await settings.read(BIOS);
    lab.bmc.change(BIOS, { AssetTag: '' });
    await settings.changeNow(view, { AssetTag: 'x' });
    await settings.changeNow(view, { Attributes: { NumLock: false } }, { applyTime: 'OnReset' });
    expect(patches()).toEqual([BIOS, `${BIOS}/Settings`]);
  });

  it('are done after a 500 if the BMC shows them, unless an apply time asks for a job, too', async () => {
    lab.bmc.misbehave({ doneBut500: { method: 'PATCH' } });
    const settings = new Settings(lab.client);
    const view = await settings.read(BIOS);
    expect(await settings.change(view, { Attributes: { NumLock: false } })).toEqual({ job: undefined });
    const timed = settings.change(view, { Attributes: { NumLock: false } }, { applyTime: 'OnReset' });
    expect(await failureOf(timed)).toMatchObject({ code: 'service', status: 500 });
  });

  it('return the job that waits for a reset', async () => {
    lab.bmc.misbehave({ biosJob: { running: 'Scheduled', polls: 1_000 } });
    const settings = new Settings(lab.client);
    const { job } = await settings.change(await settings.read(BIOS), { Attributes: { NumLock: false } });
    expect(job).toMatch(/\/TaskService\/|\/Tasks\//);
  });
});

describe('attributes', () => {
  it('that are pending are those that differ', async () => {
    const attributes = new Attributes(lab.client);
    const view = await attributes.read(BIOS);
    expect(view).toMatchObject({ attributes: { NumLock: true }, registry: 'BiosAttributeRegistry.v1_0_0' });
    await attributes.set(view, { NumLock: true, PowerLimit: 300 });
    expect(await attributes.pending(view)).toEqual({ PowerLimit: 300 });
  });

  it('that the BMC does not have are not sent', async () => {
    const attributes = new Attributes(lab.client);
    const error = await failureOf(attributes.set(await attributes.read(BIOS), { NoSuch: 1 }));
    expect(error).toBeInstanceOf(RedfishArgumentError);
    expect(error).toMatchObject({ allowed: expect.arrayContaining(['NumLock']) });
    expect(patches()).toEqual([]);
  });

  it('of a wrong type are refused by the BMC', async () => {
    const attributes = new Attributes(lab.client);
    const error = await failureOf(attributes.set(await attributes.read(BIOS), { NumLock: 'yes' }));
    expect(error).toBeInstanceOf(RedfishValidationError);
  });
});

describe('flat properties', () => {
  const oem = {
    '@odata.type': '#X.v1_0_0.X',
    Timeout: 30,
    Federation: { Discovery: 'Enabled', Deeper: { On: true, '@odata.id': '/x' }, Levels: { One: null } },
    Results: [1],
    Links: { Service: { '@odata.id': '/y' } },
    Actions: { '#X.Reset': { target: '/z' } },
  };

  it('are the plain values by dotted names', () => {
    expect(flattened(oem)).toEqual({
      Timeout: 30,
      'Federation.Discovery': 'Enabled',
      'Federation.Levels.One': null,
    });
    expect(flattened(undefined)).toEqual({});
  });

  it('become objects again, and touch nothing else', () => {
    expect(nested({ 'Federation.Discovery': 'Off', 'Federation.Levels.One': 1, Timeout: 5 })).toEqual({
      Federation: { Discovery: 'Off', Levels: { One: 1 } },
      Timeout: 5,
    });
    nested({ '__proto__.planted': 1, 'constructor.prototype.planted': 1 });
    expect(Object.hasOwn(Object.prototype, 'planted')).toBe(false);
  });
});
