import { type PowerTarget } from '@ferrule/driver-kit';
import { failureOf } from '../test/bench.js';
import { bench, bmc, start } from '../test/started.js';
import { RedfishManagement } from './redfish.management.js';
import { RedfishPower } from './redfish.power.js';

const SYSTEM = '/redfish/v1/Systems/1';
const RESET = '#ComputerSystem.Reset';

const task = (signal = new AbortController().signal) => bench.task(signal);
const power = () => new RedfishPower(bench.pool);
const management = () => new RedfishManagement(bench.pool);

const resets = () =>
  bmc.requests
    .filter(({ method, path }) => method === 'POST' && path.endsWith('ComputerSystem.Reset'))
    .map(({ body }) => (body as { ResetType: string }).ResetType);

function allow(...types: string[]): void {
  bmc.change(SYSTEM, { Actions: { [RESET]: { 'ResetType@Redfish.AllowableValues': types } } });
}

describe('the power interface', () => {
  it.each<[PowerTarget, string, 'power on' | 'power off']>([
    ['power off', 'ForceOff', 'power off'],
    ['soft power off', 'GracefulShutdown', 'power off'],
    ['rebooting', 'ForceRestart', 'power on'],
    ['soft rebooting', 'GracefulRestart', 'power on'],
  ])('%s is the reset %s', async (target, type, state) => {
    await start();
    await expect(power().getPowerState(task())).resolves.toBe('power on');
    await power().setPowerState(task(), target);
    expect(resets()).toEqual([type]);
    await expect(power().getPowerState(task())).resolves.toBe(state);
  });

  it('switches a server on', async () => {
    await start();
    bmc.change(SYSTEM, { PowerState: 'Off' });
    await power().setPowerState(task(), 'power on');
    expect(resets()).toEqual(['On']);
    await expect(power().getPowerState(task())).resolves.toBe('power on');
  });

  it('switches off and on where there is no restart', async () => {
    await start();
    allow('On', 'ForceOff');
    await power().setPowerState(task(), 'rebooting');
    expect(resets()).toEqual(['ForceOff', 'On']);
  });

  it('refuses what the BMC does not offer, and sends nothing', async () => {
    await start();
    allow('On', 'ForceOff');
    await expect(failureOf(power().setPowerState(task(), 'soft power off'))).resolves.toMatchObject({
      status: 400,
      message: expect.stringContaining('its ResetType may be On, ForceOff.'),
    });
    expect(resets()).toEqual([]);
  });

  it('knows no state while the server changes it', async () => {
    await start();
    bmc.change(SYSTEM, { PowerState: 'PoweringOn' });
    await expect(power().getPowerState(task())).resolves.toBeNull();
  });

  it('waits for the state, and ends with the reason of the task when that is aborted', async () => {
    await start();
    const controller = new AbortController();
    const given = task(controller.signal);
    const reason = new Error('the time is over');
    const change = power().setPowerState(
      { ...given, progress: ({ message }) => message?.startsWith('Waiting') && controller.abort(reason) },
      'soft power off',
    );
    await expect(change).rejects.toBe(reason);
    expect(resets()).toEqual(['GracefulShutdown']);
  });
});

describe('the management interface', () => {
  it.each([
    ['pxe', 'Pxe'],
    ['disk', 'Hdd'],
    ['cdrom', 'Cd'],
    ['bios', 'BiosSetup'],
  ] as const)('%s is the override %s', async (device, target) => {
    await start();
    await management().setBootDevice(task(), device, { persistent: false });
    expect(bmc.resource(SYSTEM)).toMatchObject({
      Boot: { BootSourceOverrideTarget: target, BootSourceOverrideEnabled: 'Once' },
    });
    await expect(management().getBootDevice(task())).resolves.toEqual({ device, persistent: false });
  });

  it('overrides for all boots', async () => {
    await start();
    await management().setBootDevice(task(), 'pxe', { persistent: true });
    await expect(management().getBootDevice(task())).resolves.toEqual({ device: 'pxe', persistent: true });
  });

  it('says nothing of a device without an override', async () => {
    await start();
    await expect(management().getBootDevice(task())).resolves.toEqual({ device: null, persistent: null });
  });

  it('sends an interrupt where the BMC offers it', async () => {
    await start();
    allow('Nmi');
    await management().injectNmi(task());
    expect(resets()).toEqual(['Nmi']);
    allow('On');
    await expect(failureOf(management().injectNmi(task()))).resolves.toMatchObject({ status: 400 });
  });
});
