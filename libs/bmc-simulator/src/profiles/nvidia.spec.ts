import { call } from '../client.spec-support.js';
import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { type ProfileName } from './index.js';

let bmc: BmcServer;

afterEach(() => bmc.close());

async function members(profile: ProfileName, collection: string): Promise<string[]> {
  bmc = await startBmc({ profile });
  const { body } = await call(bmc, 'GET', `/redfish/v1/${collection}`);
  const listed = body['Members'];
  return Array.isArray(listed) ? listed.map((member) => String(Object(member)['@odata.id'])) : [];
}

const statusOf = async (path: string): Promise<number> => (await call(bmc, 'GET', path)).status;

it('a DGX has two Systems, and a GPU that is listed but not there', async () => {
  const chassis = await members('nvidia-dgx-h100', 'Chassis');
  expect(chassis).toHaveLength(10);
  const answers = await Promise.all(chassis.map(async (path) => [path, await statusOf(path)]));
  expect(answers.filter(([, status]) => status !== 200)).toEqual([
    ['/redfish/v1/Chassis/HGX_GPU_SXM_5', 404],
  ]);
  const systems = await call(bmc, 'GET', '/redfish/v1/Systems');
  expect(systems.body['Members@odata.count']).toBe(2);
});

it('a DGX takes its time for the board of the GPUs', async () => {
  bmc = await startBmc({ profile: 'nvidia-dgx-h100' });
  const order: string[] = [];
  const read = async (path: string): Promise<unknown> =>
    call(bmc, 'GET', `/redfish/v1/Systems/${path}`).then(() => order.push(path));
  await Promise.all([read('HGX_Baseboard_0'), read('DGX').then(async () => read('DGX'))]);
  expect(order).toEqual(['DGX', 'DGX', 'HGX_Baseboard_0']);
});

it.each([
  ['nvidia-nvswitch', ['Bios', 'VirtualMedia'], 'MGX_NVSwitch_0'],
  ['nvidia-bluefield', ['VirtualMedia'], 'Bluefield_ERoT'],
] as const)('%s has no %j', async (profile, absent, chassis) => {
  const [system = ''] = await members(profile, 'Systems');
  const { body } = await call(bmc, 'GET', system);
  expect(Object.keys(body)).toEqual(expect.not.arrayContaining([...absent]));
  expect(await statusOf(`/redfish/v1/Chassis/${chassis}`)).toBe(200);
});
