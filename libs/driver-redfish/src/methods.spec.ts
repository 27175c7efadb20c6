import { type BmcServer, profileNames, selfSignedCertificate, startBmc } from '@ferrule/bmc-simulator';
import { describeWhere } from '../../../test/support/require.js';
import { Bench, failureOf } from '../test/bench.js';
import { MethodTable } from '../test/method-table.js';
import { samples, WITHOUT_SAMPLES } from '../test/samples.js';

const METHODS = [
  'create_subscription',
  'further properties of it',
  'get_all_subscriptions',
  'get_subscription',
  'delete_subscription',
  'eject_vmedia',
  'redfish_request',
  'redfish_get',
  'insert_vmedia',
  'bios_set',
  'bmc_reset',
  'get_logs',
  'update_firmware',
  'indicator_led',
  'sensors',
  'submit_test_event',
  'clear_job_queue',
  'bmc_attributes_set',
  'replace_certificate',
  'set_password',
];
const DELL_ATTRIBUTES = '/redfish/v1/Managers/iDRAC.Embedded.1/Oem/Dell/DellAttributes/iDRAC.Embedded.1';
const CSR = {
  common_name: 'bmc.example',
  organization: 'Example',
  organizational_unit: 'Lab',
  city: 'Berlin',
  state: 'Berlin',
  country: 'DE',
};
const WITHOUT_HEADERS = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };
const WANTED = { ...WITHOUT_HEADERS, HttpHeaders: [{ Authorization: 'Bearer planted-secret' }] };
const FURTHER = [
  { RegistryPrefixes: ['Base'] },
  { ResourceTypes: ['Chassis'] },
  { MessageIds: ['Base.Success'] },
  { DeliveryRetryPolicy: 'RetryForever' },
  { VerifyCertificate: false },
];
const table = new MethodTable(METHODS);

afterAll(() => {
  process.stdout.write(`\nWhat the methods do at which BMC\n${table.toString()}\n\n`);
});

interface Case {
  readonly name: string;
  readonly start: () => Promise<BmcServer>;
}

describe.each(profileNames.map((profile): Case => ({ name: profile, start: () => startBmc({ profile }) })))(
  'every method at a BMC of the profile $name',
  suite,
);

describeWhere(samples.length > 0, WITHOUT_SAMPLES)('every method at the samples of', () => {
  it('real BMCs', () => expect(samples.length).toBeGreaterThan(0));

  for (const { name, tree } of samples) {
    describe(name, () => suite({ name, start: () => startBmc({ tree }) }));
  }
});

function suite({ name, start }: Case): void {
  let bmc: BmcServer;
  let bench: Bench;
  let id: string;
  beforeAll(async () => {
    bmc = await start();
    const [first] = systemsOf(bmc);
    bench = new Bench(bmc, {
      driverInfo: first === undefined ? {} : { redfish_system_id: first },
      settings: { requestAllow: 'GET /redfish/v1/*, POST /redfish/v1/Systems/*' },
    });
  });
  afterAll(async () => {
    await bench.close();
    const left = bmc.sessions;
    await bmc.close();
    expect(left).toBe(0);
  });

  it('create_subscription', () =>
    table.note(name, 'create_subscription', async () => {
      const before = bmc.subscriptions.length;
      const made = await bench.ask('create_subscription', WANTED);
      expect(made).toMatchObject({
        Destination: WANTED.Destination,
        Context: 'ferrule',
        Protocol: 'Redfish',
      });
      expect(Object.keys(made)).not.toContain('HttpHeaders');
      expect(bmc.subscriptions).toHaveLength(before + 1);
      id = String(made['Id']);
      bmc.forget();
      expect(await bench.ask('create_subscription', WITHOUT_HEADERS)).toEqual(made);
      expect(bmc.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
      expect(await bench.ask('create_subscription', WANTED)).toEqual(made);
      expect(bmc.subscriptions).toHaveLength(before + 1);
      return 'EventTypes' in made && Array.isArray(made['EventTypes']) && made['EventTypes'].length > 0
        ? 'ok, EventTypes'
        : 'ok';
    }));

  it('create_subscription with further properties', () =>
    table.note(name, 'further properties of it', async () => {
      const refused: string[] = [];
      for (const more of FURTHER) {
        const [property = ''] = Object.keys(more);
        const before = bmc.subscriptions;
        const wanted = { Destination: `https://192.0.2.7/${property}`, Context: property, ...more };
        const made = await bench.ask('create_subscription', wanted).catch((error: unknown) => error);
        if (made instanceof Error) {
          expect(made).toMatchObject({ status: 400, message: expect.stringContaining(property) });
          refused.push(property);
        } else {
          expect(made).toMatchObject({ ...wanted, Id: expect.any(String) });
          expect(bmc.subscriptions).toContainEqual(expect.objectContaining(wanted));
          await bench.call('delete_subscription', { id: (made as { Id: string }).Id });
        }
        expect(bmc.subscriptions).toEqual(before);
      }
      return refused.length === 0 ? 'all' : `not ${refused.join(', ')}`;
    }));

  it('get_all_subscriptions', () =>
    table.note(name, 'get_all_subscriptions', async () => {
      const raw = await bench.ask('get_all_subscriptions');
      const links = raw['Members'] as { '@odata.id': string }[];
      expect(links.some((link) => link['@odata.id'].endsWith(`/${id}`))).toBe(true);
      const { Members } = await bench.ask('get_all_subscriptions', { expand: true });
      expect(Members).toHaveLength(bmc.subscriptions.length);
      expect(Members).toContainEqual(expect.objectContaining({ Id: id, Context: 'ferrule' }));
      return `${links.length} members`;
    }));

  it('get_subscription', () =>
    table.note(name, 'get_subscription', async () => {
      const shown = await bench.ask('get_subscription', { id });
      expect(shown).toMatchObject({ Id: id, Destination: WANTED.Destination, Context: 'ferrule' });
      expect(await failureOf(bench.call('get_subscription', { id: 'no such' }))).toMatchObject({
        status: 404,
      });
      return 'ok, 404';
    }));

  it('delete_subscription', () =>
    table.note(name, 'delete_subscription', async () => {
      const before = bmc.subscriptions.length;
      expect(await bench.call('delete_subscription', { id })).toBeNull();
      expect(bmc.subscriptions).toHaveLength(before - 1);
      expect(await failureOf(bench.call('delete_subscription', { id }))).toMatchObject({ status: 404 });
      return 'ok, 404';
    }));

  it('eject_vmedia', () =>
    table.note(name, 'eject_vmedia', async () => {
      const mounted = bmc.media.filter((medium) => isMountable(medium.id));
      mounted.forEach((medium) => bmc.insert(medium.path));
      bmc.forget();
      const { slots } = await bench.ask('eject_vmedia');
      expect(bmc.media.filter((medium) => medium.inserted)).toEqual([]);
      const ejected = (slots as { ejected: boolean }[]).filter((slot) => slot.ejected);
      if (mounted.length === 0) {
        expect(slots).toEqual([]);
        return 'no media';
      }
      expect(ejected.length).toBeGreaterThan(0);
      const how = bmc.requests.some(({ method }) => method === 'PATCH') ? 'PATCH' : 'action';
      return `${ejected.length} by ${how}`;
    }));

  it('insert_vmedia and get_vmedia', () =>
    table.note(name, 'insert_vmedia', async () => {
      const image = 'http://192.0.2.1/boot.iso';
      const { slots } = await bench.ask('get_vmedia');
      if ((slots as unknown[]).length === 0) {
        expect(await failureOf(bench.call('insert_vmedia', { image }))).toMatchObject({ status: 400 });
        return 'no media';
      }
      bmc.forget();
      expect(await bench.ask('insert_vmedia', { image })).toMatchObject({ inserted: true, image });
      const now = (await bench.ask('get_vmedia'))['slots'] as { image: string | null }[];
      expect(now.filter((slot) => slot.image === image).length).toBeGreaterThan(0);
      const how = bmc.requests.some(({ method }) => method === 'PATCH') ? 'PATCH' : 'action';
      await bench.call('eject_vmedia');
      return `ok by ${how}`;
    }));

  it('bios_get and bios_set', () =>
    table.note(name, 'bios_set', async () => {
      const [first] = systemsOf(bmc);
      if (bmc.resource(first ?? '')?.['Bios'] === undefined || !bmc.resource(`${first}/Bios`)) {
        expect((await failureOf(bench.call('bios_get'))).message).not.toBe('');
        return 'no BIOS';
      }
      const attributes = { ProcVirtualization: 'Disabled' };
      expect(await bench.ask('bios_set', { attributes })).toMatchObject({ pending: attributes });
      expect(await bench.ask('bios_get')).toMatchObject({ pending: attributes });
      return 'ok';
    }));

  it('bmc_reset', () =>
    table.note(name, 'bmc_reset', async () => {
      bmc.forget();
      const { reset_type: type } = await bench.ask('bmc_reset');
      expect(['GracefulRestart', 'ForceRestart']).toContain(type);
      const bodies = bmc.requests.filter(
        ({ method, path }) => method === 'POST' && path.includes('/Actions/'),
      );
      expect(bodies.map(({ body }) => body)).toEqual([{ ResetType: type }]);
      return String(type);
    }));

  it('get_logs, download_logs and clear_logs', () =>
    table.note(name, 'get_logs', async () => {
      const page = await answerOr(bench.ask('get_logs'), 'UnsupportedDriverExtension');
      if (page === undefined) return 'no logs';
      const { entries, log } = page as { entries: unknown[]; log: string };
      expect(entries).toHaveLength(3);
      await bench.ask('clear_logs', { log });
      expect(await bench.ask('get_logs')).toMatchObject({ entries: [], log });
      return log;
    }));

  it('firmware_inventory and update_firmware', () =>
    table.note(name, 'update_firmware', async () => {
      if (bmc.resource('/redfish/v1/UpdateService') === undefined) {
        expect((await failureOf(bench.call('firmware_inventory'))).message).not.toBe('');
        return 'no updates';
      }
      await bench.ask('update_firmware', { image: 'http://192.0.2.1/bmc.bin' });
      const { firmware } = await bench.ask('firmware_inventory');
      expect(firmware).toContainEqual(expect.objectContaining({ id: 'BMC', version: '2.0.0' }));
      return 'ok';
    }));

  it('indicator_led', () =>
    table.note(name, 'indicator_led', async () => {
      const made = await answerOr(bench.ask('indicator_led', { state: 'lit' }), 'UnsupportedDriverExtension');
      if (made === undefined) return 'no LED';
      const { path, property, value } = made as { path: string; property: string; value: unknown };
      expect(bmc.resource(path)?.[property]).toBe(value);
      return property;
    }));

  it('sensors', () =>
    table.note(name, 'sensors', async () => {
      const shown = await answerOr(bench.ask('sensors'), 'UnsupportedDriverExtension');
      if (shown === undefined) return 'no sensors';
      expect((shown['sensors'] as unknown[]).length).toBeGreaterThan(2);
      return `${(shown['sensors'] as unknown[]).length} readings`;
    }));

  it('submit_test_event', () =>
    table.note(name, 'submit_test_event', async () => {
      bmc.forget();
      const made = await answerOr(bench.ask('submit_test_event'), 'UnsupportedDriverExtension');
      const sent = bmc.requests.filter(({ path }) => path.endsWith('SubmitTestEvent'));
      expect(sent).toHaveLength(made === undefined ? 0 : 1);
      return made === undefined
        ? 'no test events'
        : String((made['event'] as { EventType: string }).EventType);
    }));

  it('clear_job_queue', () =>
    table.note(name, 'clear_job_queue', async () => {
      bmc.forget();
      const made = await answerOr(bench.ask('clear_job_queue'), 'UnsupportedDriverExtension');
      const sent = bmc.requests.filter(({ path }) => path.endsWith('DeleteJobQueue'));
      expect(sent).toHaveLength(made === undefined ? 0 : 1);
      return made === undefined ? 'no job queue' : 'ok';
    }));

  it('redfish_request', () =>
    table.note(name, 'redfish_request', async () => {
      const [system = ''] = systemsOf(bmc);
      expect(await bench.ask('redfish_request', { path: system })).toMatchObject({ status: 200 });
      const other = await failureOf(bench.call('redfish_request', { verb: 'PATCH', path: system, body: {} }));
      expect(other).toMatchObject({ status: 403, code: 'RequestNotAllowed' });
      return 'ok, 403';
    }));

  it('redfish_get', () =>
    table.note(name, 'redfish_get', async () => {
      const [system = ''] = systemsOf(bmc);
      expect(await bench.ask('redfish_get', { path: system })).toMatchObject({ status: 200 });
      expect(await bench.ask('redfish_get', { path: `${system}/none` })).toMatchObject({ status: 404 });
      return 'ok, 404';
    }));

  it('bmc_attributes_get and bmc_attributes_set', () =>
    table.note(name, 'bmc_attributes_set', async () => {
      const hasGroups = bmc.resource(DELL_ATTRIBUTES) !== undefined || !name.startsWith('dell');
      const code = hasGroups ? 'UnsupportedDriverExtension' : 'RedfishError';
      const shown = await answerOr(bench.ask('bmc_attributes_get'), code);
      if (shown === undefined) return 'no attributes';
      const group = String(shown['group']);
      const [chosen] = Object.entries(shown['attributes'] as Record<string, unknown>).filter(
        ([, value]) => typeof value === 'boolean' || value === 'Disabled',
      );
      if (chosen === undefined) return `${group}, none to set`;
      const [attribute, value] = chosen;
      const attributes = { [attribute]: value === 'Disabled' ? 'Enabled' : value !== true };
      expect(await bench.ask('bmc_attributes_set', { attributes })).toMatchObject({ group, attributes });
      const now = await bench.ask('bmc_attributes_get', { group });
      expect(now).toMatchObject({ attributes: { ...(shown['attributes'] as object), ...attributes } });
      return group;
    }));

  it('get_certificates, generate_csr and replace_certificate', () =>
    table.note(name, 'replace_certificate', async () => {
      const call = bench.ask('get_certificates');
      if (bmc.resource('/redfish/v1/CertificateService') === undefined) {
        expect((await failureOf(call)).message).not.toBe('');
        return 'no certificates';
      }
      expect(await call).toMatchObject({ certificates: [{ subject: { CommonName: 'localhost' } }] });
      expect(await bench.ask('generate_csr', CSR)).toMatchObject({
        csr: expect.stringMatching(/^-----BEGIN CERTIFICATE REQUEST-----/),
      });
      const { certPem: certificate } = selfSignedCertificate({ names: ['new.example'] });
      const { path } = await bench.ask('replace_certificate', { certificate });
      expect(await bench.ask('get_certificates')).toMatchObject({
        certificates: [{ path, subject: { CommonName: 'new.example' }, certificate }],
      });
      return 'ok';
    }));

  // Last, since it changes the password that the others use.
  it('set_password', () =>
    table.note(name, 'set_password', async () => {
      const password = 'another-password';
      const call = bench.ask('set_password', { password });
      if (bmc.resource('/redfish/v1/AccountService/Accounts') === undefined) {
        expect((await failureOf(call)).message).not.toBe('');
        return 'no accounts';
      }
      expect(await call).toMatchObject({ username: bmc.username, update_driver_info: true });
      expect(bmc.accepts(bmc.username, password)).toBe(true);
      return 'ok';
    }));
}

/** Recordings lack services; undefined for those, if the failure says so. */
async function answerOr<T>(call: Promise<T>, code: string): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    expect(error).toMatchObject({ code });
    return undefined;
  }
}

/** Lenovo has slots for its own remote control; an image can only be inserted into the EXT ones. */
function isMountable(id: string): boolean {
  return !/^(Remote|RDOC)/.test(id);
}

function systemsOf(bmc: BmcServer): string[] {
  const { Members } = (bmc.resource('/redfish/v1/Systems') ?? {}) as { Members?: { '@odata.id': string }[] };
  return (Members ?? []).map((member) => member['@odata.id']);
}
