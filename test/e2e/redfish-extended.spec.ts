import { type BmcServer, type JsonObject, selfSignedCertificate, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { call, ended, jobOf, unlocked } from '../support/passthru.js';
import { createRedfishNode, EXTENDED, passthru } from '../support/redfish.js';

const CSR = {
  common_name: 'bmc.example',
  organization: 'Example',
  organizational_unit: 'Lab',
  city: 'Berlin',
  state: 'Berlin',
  country: 'DE',
};

describe('redfish-extended', () => {
  let service: TestApp;
  let bmc: BmcServer;
  let node: string;
  beforeAll(async () => {
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish,idrac' });
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    bmc = await startBmc({ profile: 'dell-idrac9' });
    node = await createRedfishNode(service.http, bmc, {}, { driver: 'idrac', ...EXTENDED });
  });
  afterEach(() => bmc.close());

  const read = async (method: string, args?: JsonObject): Promise<JsonObject> =>
    (await passthru(service.http, 'GET', node, method, args)).expect(200).json<JsonObject>();
  const change = async (method: string, args: JsonObject = {}) => {
    const job = await ended(service.http, jobOf(await call(service.http, node, method, args)));
    await unlocked(service.http, node);
    return job;
  };

  it('set_password sets that of the node, which is used once driver_info has it', async () => {
    const { http } = service;
    const password = 'planted-password';
    const job = await change('set_password', { password });
    expect(job).toMatchObject({
      state: 'succeeded',
      result: { username: bmc.username, update_driver_info: true },
    });
    expect(JSON.stringify(job)).not.toContain(password);
    expect(bmc.accepts(bmc.username, password)).toBe(true);

    (await passthru(http, 'GET', node, 'sensors')).expect(500);
    const path = '/driver_info/redfish_password';
    (
      await http.send('PATCH', `/v1/nodes/${node}`, { json: [{ op: 'replace', path, value: password }] })
    ).expect(200);
    expect(await read('sensors')).toMatchObject({ sensors: [{}, {}, {}] });
  });

  it('set_password is a failed job for a password that the BMC refuses', async () => {
    const job = await change('set_password', { password: 'planted' });
    expect(job).toMatchObject({
      state: 'failed',
      error: { message: expect.stringMatching(/refuses the password\. .*8 to 64/) },
    });
    expect(JSON.stringify(job)).not.toContain('planted');
    expect(bmc.accepts(bmc.username, bmc.password)).toBe(true);
  });

  it('bmc_attributes_get and bmc_attributes_set read and set a group', async () => {
    const { group, attributes } = await read('bmc_attributes_get');
    expect(group).toBe('iDRAC.Embedded.1');
    const [name = ''] =
      Object.entries(attributes as JsonObject).find(([, value]) => value === 'Disabled') ?? [];
    const job = await change('bmc_attributes_set', { attributes: { [name]: 'Enabled' } });
    expect(job).toMatchObject({ state: 'succeeded', result: { group, attributes: { [name]: 'Enabled' } } });
    const now = await read('bmc_attributes_get', { group: 'iDRAC.Embedded.1' });
    expect(now).toMatchObject({ attributes: { [name]: 'Enabled' } });

    const refused = await change('bmc_attributes_set', { attributes: { 'No.Such': 'x' } });
    expect(refused).toMatchObject({
      state: 'failed',
      error: { message: expect.stringContaining('No.Such') },
    });
  });

  it('get_certificates, generate_csr and replace_certificate replace the certificate of the web server', async () => {
    expect(await read('get_certificates')).toMatchObject({
      certificates: [{ subject: { CommonName: 'localhost' } }],
    });
    const request = await change('generate_csr', CSR);
    expect(request).toMatchObject({
      state: 'succeeded',
      result: { csr: expect.stringMatching(/^-----BEGIN CERTIFICATE REQUEST-----/) },
    });
    const { certPem: certificate, keyPem } = selfSignedCertificate({ names: ['new.example'] });
    const job = await change('replace_certificate', { certificate: certificate + keyPem });
    expect(job).toMatchObject({ state: 'succeeded' });
    expect(JSON.stringify(job)).not.toContain(keyPem.split('\n')[1]);
    expect(await read('get_certificates')).toMatchObject({
      certificates: [{ subject: { CommonName: 'new.example' } }],
    });
  });

  it('submit_test_event lets the BMC send an event', async () => {
    bmc.forget();
    const job = await change('submit_test_event', { severity: 'Warning', message: 'A test.' });
    expect(job).toMatchObject({
      state: 'succeeded',
      result: { event: { EventType: 'Alert', Severity: 'Warning', Message: 'A test.' } },
    });
    const sent = bmc.requests.filter(({ path }) => path.endsWith('EventService.SubmitTestEvent'));
    expect(sent).toMatchObject([{ method: 'POST', body: { Message: 'A test.' } }]);
  });

  it('clear_job_queue removes all jobs, once', async () => {
    bmc.forget();
    const job = await change('clear_job_queue', { force: true });
    expect(job).toMatchObject({ state: 'succeeded', result: { job_id: 'JID_CLEARALL_FORCE' } });
    const sent = bmc.requests.filter(({ path }) => path.endsWith('DellJobService.DeleteJobQueue'));
    expect(sent).toMatchObject([{ body: { JobID: 'JID_CLEARALL_FORCE' } }]);
  });

  it('redfish_get returns a redirect to what the operator does not allow', async () => {
    const path = '/redfish/v1/Managers/iDRAC.Embedded.1';
    bmc.misbehave({ redirect: { path, status: 307, to: '/login' } });
    expect(await read('redfish_get', { path })).toMatchObject({
      status: 307,
      headers: { location: '/login' },
    });
    expect(bmc.requests.filter((request) => request.path === '/login')).toEqual([]);
  });
});
