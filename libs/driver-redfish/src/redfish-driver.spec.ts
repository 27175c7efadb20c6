import { ServiceSettings, type TaskNode } from '@ferrule/driver-kit';
import { driverModuleOf, hardwareTypeOf, methodsOf, interfaceOf } from '@ferrule/driver-kit/host';
import { startBmc } from '@ferrule/bmc-simulator';
import { Test } from '@nestjs/testing';
import { Bench, declarationOf, failureOf, NODE } from '../test/bench.js';
import RedfishDriver, {
  IdracHardware,
  IdracRedfishVendor,
  RedfishHardware,
  NodeBmcs,
  RedfishExtendedVendor,
  RedfishSettings,
  RedfishVendor,
} from './index.js';

const node = (driverInfo: TaskNode['driverInfo']): TaskNode => ({
  uuid: NODE,
  name: null,
  driver: 'redfish',
  driverInfo,
  driverInternalInfo: {},
  properties: {},
  extra: {},
  instanceInfo: {},
  powerState: null,
});

function argumentsOf(vendor: typeof RedfishVendor | typeof RedfishExtendedVendor, method: string): string[] {
  const found = methodsOf(vendor).filter(({ key }) => key === method);
  expect(found).toHaveLength(1);
  return Object.keys(found[0]?.options.args?.shape ?? {});
}

it('the module provides both types with one pool, which closes with the service', async () => {
  const hardwareTypes = driverModuleOf(RedfishDriver)?.hardwareTypes ?? [];
  expect(hardwareTypes.map((type) => hardwareTypeOf(type)?.name)).toEqual(['redfish', 'idrac']);
  const settings = [
    { provide: RedfishSettings, useValue: new RedfishSettings({}) },
    { provide: ServiceSettings, useValue: new ServiceSettings() },
  ];
  const module = await Test.createTestingModule({
    imports: [
      // As the service provides them.
      { module: class SettingsModule {}, global: true, providers: settings, exports: settings },
      {
        module: RedfishDriver,
        providers: [RedfishHardware, IdracHardware, RedfishVendor, IdracRedfishVendor, RedfishExtendedVendor],
      },
    ],
  }).compile();
  const bmc = await startBmc();
  const pool = module.get(NodeBmcs, { strict: false });
  const bench = new Bench(bmc);
  const task = bench.task(new AbortController().signal);
  await module.get(RedfishVendor, { strict: false }).getAllSubscriptions(task, { expand: false });
  await module.get(IdracRedfishVendor, { strict: false }).getAllSubscriptions(task, { expand: false });
  expect([bmc.logins, bmc.sessions]).toEqual([1, 1]);
  await module.init();
  await module.close();
  expect(bmc.sessions).toBe(0);
  await bench.close();
  expect((await failureOf(pool.use(task, async ({ bmc }) => bmc.root()))).message).toContain('closed');
  await bmc.close();
});

it('idrac-redfish and redfish have exactly the methods of Ironic, and redfish-extended has them, too', () => {
  expect(methodsOf(IdracRedfishVendor)).toEqual(methodsOf(RedfishVendor));
  expect(methodsOf(RedfishVendor).map(({ key, options }) => options.name ?? key)).toEqual([
    'createSubscription',
    'deleteSubscription',
    'eject_vmedia',
    'getAllSubscriptions',
    'getSubscription',
  ]);
  const [ironics, extended] = [RedfishVendor, RedfishExtendedVendor].map((type) =>
    methodsOf(type).filter(({ key }) => key !== 'createSubscription'),
  );
  expect(extended).toEqual(expect.arrayContaining([...(ironics ?? [])]));
  expect(argumentsOf(RedfishVendor, 'createSubscription')).toEqual([
    'Destination',
    'Protocol',
    'Context',
    'EventTypes',
    'HttpHeaders',
  ]);
  expect(argumentsOf(RedfishExtendedVendor, 'createSubscription').slice(5)).toEqual([
    'RegistryPrefixes',
    'ResourceTypes',
    'MessageIds',
    'DeliveryRetryPolicy',
    'VerifyCertificate',
  ]);
  const names = (type: typeof IdracHardware | typeof RedfishHardware) =>
    hardwareTypeOf(type)?.interfaces.vendor.map((each) => interfaceOf('vendor', each)?.name);
  expect(names(IdracHardware)).toEqual(['idrac-redfish', 'redfish', 'no-vendor', 'redfish-extended']);
  expect(names(RedfishHardware)).toEqual(['redfish', 'no-vendor', 'redfish-extended']);
});

it.each([
  ['create_subscription', ['POST'], false, 'exclusive'],
  ['delete_subscription', ['DELETE'], false, 'exclusive'],
  ['get_all_subscriptions', ['GET'], false, 'shared'],
  ['get_subscription', ['GET'], false, 'shared'],
  ['eject_vmedia', ['POST'], true, 'exclusive'],
  ['redfish_request', ['POST'], false, 'exclusive'],
  ['redfish_get', ['GET', 'POST'], false, 'shared'],
  ['get_vmedia', ['GET'], false, 'shared'],
  ['bios_get', ['GET'], false, 'shared'],
  ['bios_set', ['POST'], true, 'exclusive'],
  ['insert_vmedia', ['POST'], true, 'exclusive'],
  ['bmc_reset', ['POST'], true, 'exclusive'],
  ['get_logs', ['GET', 'POST'], false, 'shared'],
  ['download_logs', ['GET', 'POST'], false, 'shared'],
  ['clear_logs', ['POST'], true, 'exclusive'],
  ['firmware_inventory', ['GET'], false, 'shared'],
  ['update_firmware', ['POST'], true, 'exclusive'],
  ['indicator_led', ['POST'], true, 'exclusive'],
  ['sensors', ['GET'], false, 'shared'],
  ['submit_test_event', ['POST'], true, 'exclusive'],
  ['clear_job_queue', ['POST'], true, 'exclusive'],
  ['set_password', ['POST'], true, 'exclusive'],
  ['get_certificates', ['GET'], false, 'shared'],
  ['generate_csr', ['POST'], true, 'exclusive'],
  ['replace_certificate', ['POST'], true, 'exclusive'],
  ['bmc_attributes_get', ['GET', 'POST'], false, 'shared'],
  ['bmc_attributes_set', ['POST'], true, 'exclusive'],
])('%s is %s, async %s, lock %s', (name, http, isAsync, lock) => {
  const { options } = declarationOf(name);
  expect([options.http, options.async ?? true, 'lock' in options ? options.lock : 'exclusive']).toEqual([
    http,
    isAsync,
    lock,
  ]);
});

describe('validate', () => {
  const bench = new Bench(
    { address: 'http://192.0.2.1', username: 'a', password: 'b' },
    { service: { bmcNetworks: ['192.0.2.0/24'] } },
  );
  const hardware = new RedfishHardware(bench.pool);
  afterAll(() => bench.close());

  it('accepts complete driver_info', () => {
    expect(() =>
      hardware.validate(node({ redfish_address: 'https://192.0.2.1', redfish_verify_ca: 'False' })),
    ).not.toThrow();
  });

  it.each([
    [
      {},
      'MissingParameterValue',
      `Missing the following Redfish properties in node ${NODE} driver_info: ['redfish_address']`,
    ],
    [
      { redfish_address: 'https://192.0.2.1', redfish_auth_type: 'digest' },
      'InvalidParameterValue',
      `Invalid value "digest" set in driver_info/redfish_auth_type on node ${NODE}. The value should be one of "basic", "session" or "auto".`,
    ],
    [
      { redfish_address: 'http://169.254.169.254' },
      'InvalidParameterValue',
      `Invalid Redfish address http://169.254.169.254 set in driver_info/redfish_address on node ${NODE}. FERRULE_BMC_NETWORKS does not allow it.`,
    ],
    [
      { redfish_address: '10.0.0.1' },
      'InvalidParameterValue',
      `Invalid Redfish address https://10.0.0.1 set in driver_info/redfish_address on node ${NODE}. FERRULE_BMC_NETWORKS does not allow it.`,
    ],
  ])('refuses %j', async (driverInfo, code, message) => {
    const failure = await failureOf(Promise.resolve().then(() => hardware.validate(node(driverInfo))));
    expect(failure).toMatchObject({ code, status: 400, message });
  });

  it('says that an address is refused by default where no network is configured', async () => {
    const open = new Bench({ address: '', username: '', password: '' });
    const local = node({ redfish_address: 'http://169.254.1.1' });
    const call = Promise.resolve().then(() => new RedfishHardware(open.pool).validate(local));
    expect((await failureOf(call)).message).toContain(
      'addresses are refused by default; FERRULE_BMC_NETWORKS can allow them.',
    );
    await open.close();
  });
});
