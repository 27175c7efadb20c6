import { type BmcServer, type JsonObject, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { fields } from '../support/passthru.js';
import { createRedfishNode, EXTENDED, passthru } from '../support/redfish.js';

const WANTED = { Destination: 'https://192.0.2.1/events' };

type Call = readonly [verb: 'GET' | 'POST' | 'DELETE', method: string, args?: JsonObject];

const CALLS: readonly Call[] = [
  ['POST', 'create_subscription', WANTED],
  ['DELETE', 'delete_subscription', { id: '1' }],
  ['GET', 'get_all_subscriptions'],
  ['GET', 'get_subscription', { id: '1' }],
  ['POST', 'eject_vmedia'],
  ['POST', 'redfish_request', { path: '/redfish/v1/Systems' }],
];

const bad = (verb: Call[0], method: string, rows: readonly (readonly [JsonObject, RegExp])[]) =>
  rows.map(([args, text]) => [verb, method, args, text] as const);

const BAD_ARGUMENTS = [
  ...bad('POST', 'create_subscription', [
    [{}, /^Parameter 'Destination' not passed/],
    [{ Destination: null }, /^Destination null is not a valid URI$/],
    [{ Destination: 'nowhere' }, /Destination nowhere is not a valid URI/],
    [{ Destination: 'ftp://192.0.2.1/' }, /is not a valid URI/],
    [{ Destination: 'http://169.254.169.254/latest' }, /Destination is not a valid URI.*169\.254/],
    [{ Destination: 'http://[fe80::1]/' }, /Destination is not a valid URI/],
    [{ Destination: 'http://0xa9fea9fe/' }, /Destination is not a valid URI/],
    [{ ...WANTED, Context: 7 }, /Context 7 is not a valid string/],
    [{ ...WANTED, Protocol: {} }, /Protocol {} is not a string/],
    [{ ...WANTED, EventTypes: 'Alert' }, /EventTypes Alert is not a valid value/],
    [{ ...WANTED, HttpHeaders: { a: 'b' } }, /^HttpHeaders is not a list of headers$/],
  ]),
  ...(['get_subscription', 'delete_subscription'] as const).flatMap((method) =>
    bad(method === 'get_subscription' ? 'GET' : 'DELETE', method, [
      [{}, /^Parameter 'id' not passed/],
      [{ id: null }, /id can't be None/],
      [{ id: '' }, /id can't be None/],
      [{ id: 5.5 }, /must be a string/],
      [{ id: '../../Systems/1' }, /not the Id of a subscription/],
      [{ id: '1?$expand=*' }, /not the Id of a subscription/],
    ]),
  ),
  ...bad('GET', 'get_all_subscriptions', [[{ expand: 'perhaps' }, /^Invalid parameter 'expand'/]]),
  ...bad('POST', 'eject_vmedia', [
    [{ boot_device: 'zip' }, /Boot device zip is not a valid value/],
    [{ boot_device: 1 }, /boot_device/],
  ]),
  ...bad('POST', 'redfish_request', [
    [{}, /^Parameter 'path' not passed/],
    [{ path: 'http://192.0.2.1/redfish/v1/' }, /path/],
    [{ path: '/redfish/v1/../../etc' }, /path/],
    [{ path: '/other' }, /not below/],
    [{ path: '/redfish/v1/', verb: 'TRACE' }, /^Invalid parameter 'verb'/],
    [{ path: '/redfish/v1/', body: {} }, /GET must not have a body/],
    [{ path: '/redfish/v1/', vreb: 'GET' }, /vreb/],
  ]),
];

const BAD_DRIVER_INFO: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
  [{ redfish_address: undefined }, /Missing the following Redfish properties .*\['redfish_address'\]/],
  [{ redfish_address: '' }, /Missing the following Redfish properties/],
  [
    { redfish_address: undefined, redfish_adress: 'http://192.0.2.1' },
    /driver_info: \['redfish_address'\]\. Unknown keys .* redfish_adress \(did you mean redfish_address\?\)\.$/,
  ],
  [{ redfish_address: 'http://' }, /Invalid Redfish address/],
  [{ redfish_address: 7 }, /Invalid Redfish address/],
  [{ redfish_address: 'ftp://127.0.0.1' }, /Invalid Redfish address/],
  [{ redfish_address: 'http://169.254.169.254' }, /Invalid Redfish address/],
  [{ redfish_address: 'http://[fe80::1]' }, /Invalid Redfish address/],
  [{ redfish_address: 'http://[::ffff:169.254.169.254]' }, /Invalid Redfish address/],
  [{ redfish_address: 'http://2852039166/' }, /Invalid Redfish address/],
  [{ redfish_system_id: { a: 1 } }, /driver_info\/redfish_system_id/],
  [{ redfish_system_id: 'http://192.0.2.1/redfish/v1/Systems/1' }, /driver_info\/redfish_system_id/],
  [{ redfish_verify_ca: 'perhaps' }, /driver_info\/redfish_verify_ca/],
  [{ redfish_verify_ca: '/etc/passwd' }, /driver_info\/redfish_verify_ca/],
  [{ redfish_verify_ca: '-----BEGIN CERTIFICATE-----\nnot one' }, /driver_info\/redfish_verify_ca/],
  [{ redfish_auth_type: 'digest' }, /driver_info\/redfish_auth_type/],
  [{ redfish_tls_minimum_version: '0.9' }, /driver_info\/redfish_tls_minimum_version/],
];

describe('bad input', () => {
  let service: TestApp;
  let bmc: BmcServer;
  beforeAll(async () => {
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish' });
    bmc = await startBmc();
  });
  afterAll(async () => {
    await service.close();
    await bmc.close();
  });

  /** Asserts that the BMC received nothing. */
  async function refusal(node: string, [verb, method, args]: Call): Promise<string> {
    const answer = await passthru(service.http, verb, node, method, args);
    const { faultcode, faultstring } = answer.expect(400).fault;
    expect(faultcode).toBe('Client');
    expect([bmc.requests.length, bmc.connections.total]).toEqual([0, 0]);
    return faultstring;
  }

  async function expectUntouched(node: string): Promise<void> {
    expect(await fields(service.http, node, 'reservation')).toEqual({ reservation: null });
    const jobs = await service.http.get(`/v1/jobs?node=${node}`);
    expect(jobs.expect(200).json()).toMatchObject({ jobs: [] });
  }

  describe('in arguments', () => {
    let node: string;
    beforeAll(async () => {
      node = await createRedfishNode(service.http, bmc, {}, EXTENDED);
    });

    it.each(BAD_ARGUMENTS)('%s %s %j', async (verb, method, args, text) => {
      expect(await refusal(node, [verb, method, args])).toMatch(text);
      await expectUntouched(node);
    });

    it('what the operator does not allow is 403', async () => {
      const args = { verb: 'PATCH', path: '/redfish/v1/Systems/1', body: {} };
      const answer = await passthru(service.http, 'POST', node, 'redfish_request', args);
      expect(answer.expect(403).fault.faultstring).toMatch(/not allowed by FERRULE_REDFISH_REQUEST_ALLOW/);
      expect([bmc.requests.length, bmc.connections.total]).toEqual([0, 0]);
      await expectUntouched(node);
    });
  });

  describe('in driver_info', () => {
    it.each(BAD_DRIVER_INFO)('%j', async (driverInfo, text) => {
      const node = await createRedfishNode(service.http, bmc, driverInfo, EXTENDED);
      for (const each of CALLS) expect(await refusal(node, each)).toMatch(text);
      const validation = (await service.http.get(`/v1/nodes/${node}/validate`)).expect(200);
      const { management } = validation.json<{ management: { result: boolean; reason: string } }>();
      expect(management).toEqual({ result: false, reason: expect.stringMatching(text) });
      await expectUntouched(node);
    });
  });
});
