import { resolve } from 'node:path';
// First, because jest cannot load a module for two drivers at once.
import '@ferrule/driver-redfish';
import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { createRedfishNode, passthru } from '../support/redfish.js';

const PROBLEM = { headers: { Accept: 'application/problem+json' } };
const SYSTEMS = { path: '/redfish/v1/Systems' };

describe("vendors' packages over RedfishModule", () => {
  let service: TestApp;
  let bmc: BmcServer;
  beforeAll(async () => {
    service = await startApp({
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../fixtures'),
      FERRULE_ENABLED_HARDWARE_TYPES: 'oem-server,oem-twin-server',
      FERRULE_REDFISH_RESPONSE_TIMEOUT: '1',
      FERRULE_REDFISH_ATTEMPTS: '1',
      FERRULE_BMC_NETWORKS: '127.0.0.0/8',
    });
  });
  beforeEach(async () => {
    bmc = await startBmc();
  });
  afterEach(() => bmc.close());
  afterAll(() => service.close());

  const newNode = (driver = 'oem-server', driverInfo: object = {}) =>
    createRedfishNode(service.http, bmc, { ...driverInfo }, { driver });
  const read = async (node: string, args = SYSTEMS) =>
    passthru(service.http, 'POST', node, 'read_license', args, PROBLEM);

  it('make calls of their own with the shared client', async () => {
    expect((await read(await newNode())).expect(200).json()).toEqual({ id: SYSTEMS.path });
  });

  it('share one pool: two packages use one session at a BMC', async () => {
    (await read(await newNode())).expect(200);
    const twin = await newNode('oem-twin-server');
    const counted = await passthru(service.http, 'GET', twin, 'read_systems');
    expect(counted.expect(200).json()).toEqual({ count: 1 });
    expect([bmc.logins, bmc.sessions]).toEqual([1, 1]);
  });

  it('may extend the interface of redfish-extended, whose methods they have', async () => {
    const twin = await newNode('oem-twin-server');
    (await passthru(service.http, 'GET', twin, 'bios_get')).expect(200);
  });

  it('answer 400, 502 and 504 as the redfish driver does', async () => {
    const outside = await read(await newNode('oem-server', { redfish_address: 'https://192.0.2.7' }));
    expect(outside.expect(400).text).toContain('FERRULE_BMC_NETWORKS');
    const node = await newNode();
    (await read(node, { path: '/redfish/v1/Nowhere' })).expect(502);
    bmc.misbehave({ neverAnswers: true });
    (await read(node)).expect(504);
  });
});
