import { resolve } from 'node:path';
import { type BmcServer, selfSignedCertificate, startBmc } from '@ferrule/bmc-simulator';
import RedfishDriver from '@ferrule/driver-redfish';
import { Answer, describeDriver, type ExampleContext } from '@ferrule/driver-testing';
import { driverInfoOf } from '../support/redfish.js';

let bmc: BmcServer;

beforeAll(async () => {
  bmc = await startBmc({ profile: 'dell-idrac9' });
});

afterAll(() => bmc.close());

function idOfSubscription({ results }: ExampleContext): { id: string } {
  const made = results.get('create_subscription');
  return { id: made instanceof Answer ? (made.json as { Id: string }).Id : '' };
}

const URI = 'a URI';
const AT_THE_BMC = 'one that the BMC has';
const AS_IRONIC = 'as in Ironic';
const WORD = 'one of a few words, in any case';
const WITH_USERNAME = 'only beside a username';

describeDriver(RedfishDriver, {
  packageFolder: resolve(import.meta.dirname, '../../libs/driver-redfish'),
  runs: 2,
  driverInfo: () => driverInfoOf(bmc),
  unreachable: { redfish_address: 'http://127.0.0.1:1', redfish_attempts: 1, redfish_connect_timeout: 1 },
  exempt: {
    'argument-named': { '*.create_subscription *': 'as in Ironic, or as the BMC names the property' },
    'args-strict': {
      '*.create_subscription': AS_IRONIC,
      '*.delete_subscription': AS_IRONIC,
      '*.eject_vmedia': AS_IRONIC,
      '*.get_all_subscriptions': AS_IRONIC,
      '*.get_subscription': AS_IRONIC,
    },
    'method-example': { 'redfish-extended.bmc_reset': 'it waits for minutes; methods.spec.ts calls it' },
    'secret-not-listed': {
      'redfish-extended.bios_set': 'its job has its result',
    },
    'secret-not-in-results': {
      'redfish-extended.bios_set': 'values are hidden if the name of their attribute is that of a secret',
    },
  },
  checked: {
    'by-hand-effects': 'descriptions of bmc_reset, clear_logs, clear_job_queue, update_firmware',
    'by-hand-waits': 'the settings of timeouts and the tests of misbehaviours',
    'by-hand-sessions': 'redfish-sessions.spec.ts',
    'by-hand-repeat': 'methods.spec.ts calls most of them twice',
    'by-hand-messages': 'redfish-input.spec.ts and misbehaviours.spec.ts',
    'by-hand-names': 'the table of differences from Ironic',
    'by-hand-hardware': 'methods.spec.ts, at the samples of real BMCs',
    'by-hand-quirks': 'the table of quirks of @ferrule/redfish',
    'by-hand-upgrade': 'it keeps nothing in nodes and jobs',
  },
  examples: {
    bmc_reset: [],
    create_subscription: {
      args: { Destination: 'https://192.0.2.1/events', Context: 'ferrule' },
      fixed: {
        Destination: URI,
        Context: 'the same again for the same Destination',
        VerifyCertificate: 'the same again for the same Destination',
        Protocol: WORD,
        EventTypes: AT_THE_BMC,
        RegistryPrefixes: AT_THE_BMC,
        ResourceTypes: AT_THE_BMC,
        MessageIds: AT_THE_BMC,
        DeliveryRetryPolicy: WORD,
        HttpHeaders: 'names of headers',
      },
    },
    get_subscription: { args: idOfSubscription, fixed: { id: AT_THE_BMC } },
    delete_subscription: { args: idOfSubscription, fixed: { id: AT_THE_BMC } },
    insert_vmedia: {
      args: { image: 'http://192.0.2.1/boot.iso' },
      fixed: { image: URI, boot_device: WORD, slot: AT_THE_BMC, password: WITH_USERNAME },
    },
    eject_vmedia: { fixed: { boot_device: WORD } },
    get_logs: { fixed: { log: AT_THE_BMC } },
    download_logs: { fixed: { log: AT_THE_BMC } },
    clear_logs: { args: { log: 'Sel' }, fixed: { log: AT_THE_BMC } },
    update_firmware: {
      args: { image: 'http://192.0.2.1/bmc.bin' },
      fixed: {
        image: URI,
        upload: 'to networks that an operator allows',
        targets: AT_THE_BMC,
        password: WITH_USERNAME,
      },
    },
    indicator_led: { args: { state: 'lit' }, fixed: { state: WORD } },
    submit_test_event: { fixed: { event_type: AT_THE_BMC, message_id: AT_THE_BMC } },
    set_password: {
      args: { password: 'secret-password' },
      fixed: { password: 'that of the node', username: AT_THE_BMC },
    },
    bmc_attributes_get: { fixed: { group: AT_THE_BMC } },
    bmc_attributes_set: {
      args: { attributes: { 'WebServer.1.Timeout': 900 } },
      fixed: { attributes: AT_THE_BMC, group: AT_THE_BMC },
    },
    generate_csr: {
      args: {
        common_name: 'bmc.example',
        organization: 'Example',
        organizational_unit: 'Lab',
        city: 'Berlin',
        state: 'Berlin',
        country: 'DE',
      },
      fixed: { collection: AT_THE_BMC },
    },
    replace_certificate: {
      args: () => ({ certificate: selfSignedCertificate({ names: ['new.example'] }).certPem }),
      fixed: { certificate: 'a certificate', path: AT_THE_BMC },
    },
    redfish_get: { args: { path: '/redfish/v1/Systems' }, fixed: { path: 'below the service root' } },
    redfish_request: {
      args: { path: '/redfish/v1/Systems' },
      fixed: { path: 'below the service root', verb: WORD, body: 'for other verbs' },
    },
    bios_set: { args: { attributes: { ProcVirtualization: 'Disabled' } }, fixed: { attributes: AT_THE_BMC } },
  },
});
