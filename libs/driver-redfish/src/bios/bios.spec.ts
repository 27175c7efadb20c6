import { type BmcOptions } from '@ferrule/bmc-simulator';
import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start as begin } from '../../test/started.js';

const BIOS = '/redfish/v1/Systems/1/Bios';
const VALUES = { BootMode: 'Uefi', ProcVirtualization: 'Enabled', NumLock: true, PowerLimit: 0 };

const start = async (options: BmcOptions = {}, requestAllow?: string): Promise<void> =>
  begin(options, { settings: { requestAllow } });

const get = () => bench.ask('bios_get');
const set = (attributes: Record<string, string | number | boolean>, apply_time?: string) =>
  bench.ask('bios_set', { attributes, ...(apply_time === undefined ? {} : { apply_time }) });
const reset = async (system: string): Promise<void> => {
  const path = `Systems/${system}/Actions/ComputerSystem.Reset`;
  await bench.ask('redfish_request', { verb: 'POST', path, body: { ResetType: 'ForceRestart' } });
};
const patches = () =>
  bmc.requests.filter(({ method }) => method === 'PATCH').map(({ path, body }) => [path, body]);

describe('bios_get', () => {
  it('shows attributes, and when pending ones can be applied', async () => {
    await start();
    expect(await get()).toEqual({
      path: BIOS,
      registry: 'BiosAttributeRegistry.v1_0_0',
      attributes: VALUES,
      pending: {},
      apply_times: ['OnReset', 'Immediate'],
    });
  });

  it('is not supported where the system has no BIOS', async () => {
    await start({ misbehave: { noBios: true } });
    expect(await failureOf(get())).toMatchObject({ status: 400, code: 'UnsupportedDriverExtension' });
  });
});

describe('bios_set', () => {
  it('sets pending values, which a reset applies', async () => {
    await start({}, '* /redfish/v1/*');
    const pending = { BootMode: 'Bios', PowerLimit: 300 };
    expect(await set({ ...pending, NumLock: true })).toEqual({ pending, job: null, apply_time: 'OnReset' });
    expect(patches()).toMatchObject([[`${BIOS}/Settings`, { Attributes: { ...pending, NumLock: true } }]]);
    expect(await get()).toMatchObject({ attributes: VALUES, pending });
    await reset('1');
    expect(await get()).toMatchObject({ attributes: { ...VALUES, ...pending }, pending: {} });
  });

  it('asks an iDRAC, which needs a job for it, to apply them at the next reset', async () => {
    await start({ profile: 'dell-idrac9' }, '* /redfish/v1/*');
    expect(await set({ NumLock: false })).toEqual({
      pending: { NumLock: false },
      job: expect.stringMatching(/\/JID_\d+$/),
      apply_time: 'OnReset',
    });
    await reset('System.Embedded.1');
    expect(await get()).toMatchObject({ attributes: { NumLock: false }, pending: {} });
  });

  it('believes the pending values if a repeated change is refused after a lost answer', async () => {
    const lost = { when: 'after-effect', times: 1, method: 'PATCH', path: 'Bios' } as const;
    const refused = { method: 'PATCH', path: 'Bios', after: 1 };
    await start({ misbehave: { resetOnce: lost, html400: refused } });
    expect(await set({ NumLock: false })).toEqual({
      pending: { NumLock: false },
      job: null,
      apply_time: 'OnReset',
    });
    expect(patches()).toHaveLength(2);
  });

  it('is in doubt if the pending values do not tell it', async () => {
    const lost = { when: 'before-effect', times: 1, method: 'PATCH', path: 'Bios' } as const;
    const refused = { method: 'PATCH', path: 'Bios' };
    await start({ misbehave: { resetOnce: lost, html400: refused } });
    expect(await failureOf(set({ NumLock: false }))).toMatchObject({
      code: 'OutcomeUnknown',
      message: expect.stringContaining('refuses the attributes'),
    });
  });

  it('finds the settings object where the BMC has it', async () => {
    await start({ profile: 'lenovo-xcc' });
    expect(await set({ NumLock: false })).toMatchObject({ pending: { NumLock: false }, apply_time: null });
    expect(patches()).toEqual([
      [expect.stringMatching(/Bios\/Pending$/), { Attributes: { NumLock: false } }],
    ]);
  });

  it('asks for the apply time, and returns the job that the BMC made', async () => {
    await start({ profile: 'dell-idrac9', misbehave: { biosJob: { running: 'Scheduled', polls: 1_000 } } });
    expect(await set({ NumLock: false }, 'OnReset')).toEqual({
      pending: { NumLock: false },
      job: expect.stringMatching(/\/JID_\d+$/),
      apply_time: 'OnReset',
    });
    expect(patches()).toMatchObject([
      [expect.any(String), { '@Redfish.SettingsApplyTime': { ApplyTime: 'OnReset' } }],
    ]);
    expect(bmc.tasks).toMatchObject([{ state: 'Scheduled' }]);
  });

  it('follows a job that the BMC runs at once', async () => {
    await start({ profile: 'dell-idrac9', misbehave: { biosJob: { polls: 1 } } });
    await set({ NumLock: false }, 'Immediate');
    expect(bench.progress.length).toBeGreaterThan(0);
    expect(bmc.tasks).toMatchObject([{ state: 'Completed' }]);
  });

  it.each([
    [{ NoSuch: 'x' }, undefined, /has no attribute NoSuch\. bios_get shows those that it has\.$/],
    [{ NumLock: true }, 'AtMaintenanceWindowStart', /it has OnReset, Immediate/],
  ] as const)('refuses %j at %s before it changes anything', async (attributes, time, text) => {
    await start();
    const failure = await failureOf(set(attributes, time));
    expect(failure).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
    expect(failure.message).toMatch(text);
    expect(patches()).toEqual([]);
  });

  it("answers 400 with the BMC's words for a value of the wrong type", async () => {
    await start();
    const failure = await failureOf(set({ PowerLimit: 'much' }));
    expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('Attributes/PowerLimit') });
  });

  it.each([
    {},
    { attributes: {} },
    { attributes: { a: null } },
    { attributes: { a: 1 }, apply_time: 'soon' },
  ])('refuses %j', async (args) => {
    await start();
    expect(await failureOf(bench.call('bios_set', args))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  });
});
