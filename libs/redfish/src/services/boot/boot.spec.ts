import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, useBmc } from '../../bmc.spec-support.js';
import { Boot, Power, RedfishArgumentError, RedfishMissingError } from '../../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const lab = useBmc();
const patches = (bmc: BmcServer = lab.bmc) =>
  bmc.requests.filter(({ method }) => method === 'PATCH').map(({ path, body }) => [path, body]);

it('reads the override and what is allowed', async () => {
  expect(await new Boot(lab.client).get()).toMatchObject({
    target: 'None',
    enabled: 'Disabled',
    mode: 'UEFI',
    targets: expect.arrayContaining(['Pxe', 'Cd']),
    enables: ['Disabled', 'Once', 'Continuous'],
    modes: ['Legacy', 'UEFI'],
  });
});

it('sets it once, and the system forgets it when it has booted', async () => {
  const boot = new Boot(lab.client);
  await boot.set({ target: 'Pxe', mode: 'UEFI' });
  expect(patches()).toEqual([
    [SYSTEM, { Boot: { BootSourceOverrideTarget: 'Pxe', BootSourceOverrideEnabled: 'Once' } }],
  ]);
  expect(await boot.get()).toMatchObject({ target: 'Pxe', enabled: 'Once' });
  await new Power(lab.client).reset('ForceOff');
  expect(await boot.get()).toMatchObject({ target: 'Pxe', enabled: 'Once' });
  await new Power(lab.client).reset('On');
  expect(await boot.get()).toMatchObject({ target: 'None', enabled: 'Disabled' });
});

it('keeps a continuous one until it is cleared', async () => {
  const boot = new Boot(lab.client);
  await boot.set({ target: 'Hdd', enabled: 'Continuous', mode: 'Legacy' });
  await new Power(lab.client).reset('ForceRestart');
  expect(await boot.get()).toMatchObject({ target: 'Hdd', enabled: 'Continuous', mode: 'Legacy' });
  await boot.clear();
  expect(await boot.get()).toMatchObject({ target: 'None', enabled: 'Disabled' });
});

it.each([
  ['BootSourceOverrideTarget', { target: 'Cassette' }],
  ['BootSourceOverrideMode', { target: 'Pxe', mode: 'UEFI' as const }],
])('refuses a %s that the BMC does not have, before anything is sent', async (property, wanted) => {
  lab.bmc.change(SYSTEM, { Boot: { 'BootSourceOverrideMode@Redfish.AllowableValues': ['Legacy'] } });
  const error = await failureOf(new Boot(lab.client).set(wanted));
  expect(error).toBeInstanceOf(RedfishArgumentError);
  expect(error).toMatchObject({ property });
  expect(patches()).toEqual([]);
});

it('uses UsbCd where there is no Cd', async () => {
  const targets = { 'BootSourceOverrideTarget@Redfish.AllowableValues': ['None', 'Pxe', 'UsbCd'] };
  lab.bmc.change(SYSTEM, { Boot: targets });
  await new Boot(lab.client).set({ target: 'Cd' });
  expect(await new Boot(lab.client).get()).toMatchObject({ target: 'UsbCd' });
});

it('changes the settings object of a system that has one, and the system if it is not there', async () => {
  const bmc = await startBmc({ profile: 'lenovo-xcc' });
  try {
    const boot = new Boot(clientOf(lab.clients, bmc));
    await boot.set({ target: 'Pxe' });
    expect(await boot.get()).toMatchObject({ target: 'Pxe', enabled: 'Once' });
    bmc.remove(`${SYSTEM}/Pending`);
    await boot.set({ target: 'Cd' });
    expect(await boot.get()).toMatchObject({ target: 'Cd' });
    expect(patches(bmc).map(([path]) => path)).toEqual([`${SYSTEM}/Pending`, `${SYSTEM}/Pending`, SYSTEM]);
  } finally {
    await lab.clients.close();
    await bmc.close();
  }
});

it('needs Boot', async () => {
  lab.bmc.change('/redfish/v1/Systems', { Members: [{ '@odata.id': '/redfish/v1/Systems/2' }] });
  lab.bmc.change('/redfish/v1/Systems/2', { PowerState: 'On' });
  expect(await failureOf(new Boot(lab.client).get())).toBeInstanceOf(RedfishMissingError);
});
