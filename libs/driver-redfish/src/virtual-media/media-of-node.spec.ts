import { failureOf } from '../../test/bench.js';
import { bench, bmc, reopen, start } from '../../test/started.js';
import { eject, mounted } from './media.spec-support.js';

describe('the media of a node', () => {
  it('are read once if System and Manager share them', async () => {
    await start({ misbehave: { sharedMedia: true } });
    const paths = (await bench.ask('eject_vmedia'))['slots'] as { path: string }[];
    expect(paths.map(({ path }) => path)).toEqual([...new Set(paths.map(({ path }) => path))]);
  });

  it.each([400, 404, 405] as const)(
    'are ejected beside a slot that answers %i (Cisco)',
    async (deadMedium) => {
      await start({ misbehave: { deadMedium } });
      bmc.media.forEach(({ path }) => bmc.insert(path));
      await eject();
      expect(mounted()).toEqual([]);
    },
  );

  it.each([403, 500] as const)('beside a slot that answers %i, which is told', async (deadMedium) => {
    await start({ misbehave: { deadMedium } });
    bmc.media.forEach(({ path }) => bmc.insert(path));
    const slots = await eject();
    expect(mounted()).toEqual([]);
    expect(slots.at(-1)).toMatchObject({
      slot: 'Dead',
      was_inserted: null,
      ejected: false,
      error: expect.stringContaining(`answered ${deadMedium}`),
    });
  });

  it.each([403, 404, 500] as const)('of the System do not need a Manager (%i)', async (deadManager) => {
    await start({ profile: 'dell-idrac9', misbehave: { deadManager } });
    bmc.insert('1');
    expect(await eject()).toMatchObject([{ slot: '1', ejected: true }, { slot: '2' }]);
    expect(mounted()).toEqual([]);
  });

  it('that cannot be read at all are an error', async () => {
    await start({ misbehave: { deadManager: 500 } });
    expect((await failureOf(eject())).message).toContain('answered 500');
  });

  it('may keep the name of an ejected image (Supermicro)', async () => {
    await start({ profile: 'supermicro-x13', misbehave: { imageNameKept: true } });
    bmc.insert('VirtualMedia1');
    await eject();
    expect(mounted()).toEqual([]);
    expect((await eject()).every(({ was_inserted }) => !was_inserted)).toBe(true);
  });

  it('are those of the one system that driver_info names', async () => {
    await start({ hasSecondSystem: true });
    const failure = await failureOf(eject());
    expect(failure).toMatchObject({ code: 'MissingParameterValue', status: 400 });
    expect(failure.message).toContain('/redfish/v1/Systems/HGX_Baseboard_0');
    await reopen({ driverInfo: { redfish_system_id: '/redfish/v1/Systems/HGX_Baseboard_0' } });
    expect(await eject()).toEqual([]);
  });

  it('may be none', async () => {
    await start({ profile: 'supermicro-x10' });
    expect(await eject()).toEqual([]);
    expect((await failureOf(eject('cd'))).message).toContain('its BMC has no virtual media');
  });
});
