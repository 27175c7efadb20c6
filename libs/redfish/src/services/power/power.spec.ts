import { profileNames, startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, quickClients, useBmc } from '../../bmc.spec-support.js';
import { Power, RedfishArgumentError, RedfishUnsupportedError } from '../../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const lab = useBmc();
const posts = () => lab.bmc.requests.filter(({ path }) => path.includes('/Actions/'));

it.each(profileNames)('reads the state and resets at %s', async (profile) => {
  const bmc = await startBmc({ profile });
  const clients = quickClients();
  const [systemId] = (bmc.resource('/redfish/v1/Systems')?.['Members'] as { '@odata.id': string }[]).map(
    (member) => member['@odata.id'],
  );
  try {
    const power = new Power(clientOf(clients, bmc, { systemId }));
    expect(await power.state()).toBe('On');
    expect(await power.resetTypes()).toContain('ForceOff');
    await power.reset('ForceOff');
    expect(await power.state()).toBe('Off');
  } finally {
    await clients.close();
    await bmc.close();
  }
});

it('resets a manager', async () => {
  const [manager] = await lab.client.managers(await lab.client.system());
  const power = new Power(lab.client);
  expect(await power.resetTypes({ of: manager })).toEqual(['GracefulRestart', 'ForceRestart']);
  await power.reset('GracefulRestart', { of: manager });
  expect(posts().map(({ path }) => path)).toEqual(['/redfish/v1/Managers/BMC/Actions/Manager.Reset']);
});

it('refuses a type that the BMC does not offer, before anything is sent', async () => {
  const error = await failureOf(new Power(lab.client).reset('Explode'));
  expect(error).toBeInstanceOf(RedfishArgumentError);
  expect(error).toMatchObject({ property: 'ResetType', allowed: expect.arrayContaining(['On', 'Nmi']) });
  expect(posts()).toEqual([]);
});

it('is not repeated when its answer is lost', async () => {
  lab.bmc.misbehave({ resetOnce: { when: 'after-effect', method: 'POST', path: 'Reset' } });
  expect(await failureOf(new Power(lab.client).reset('ForceRestart'))).toMatchObject({ code: 'connection' });
  expect(posts()).toHaveLength(1);
});

it('is unsupported where the action is missing', async () => {
  lab.bmc.change(SYSTEM, { Actions: { '#ComputerSystem.Reset': null } });
  const power = new Power(lab.client);
  expect([power.canReset(await lab.client.system()), await power.resetTypes()]).toEqual([false, []]);
  expect(await failureOf(power.reset('On'))).toBeInstanceOf(RedfishUnsupportedError);
});

it('reads the ActionInfo of a resource once', async () => {
  const bmc = await startBmc({ profile: 'openbmc' });
  const clients = quickClients();
  try {
    const client = clientOf(clients, bmc);
    const system = await client.system();
    const power = new Power(client);
    expect(await power.resetTypes({ of: system })).toContain('On');
    await power.reset('On', { of: system });
    expect(bmc.requests.filter(({ path }) => path.endsWith('ActionInfo'))).toHaveLength(1);
  } finally {
    await clients.close();
    await bmc.close();
  }
});
