import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';

const ALL = '/redfish/v1/Managers/BMC/NetworkProtocol/HTTPS/Certificates';
const { certPem: NEW, keyPem: KEY } = selfSignedCertificate({ names: ['new.example'] });
const SUBJECT = {
  common_name: 'bmc.example',
  organization: 'Example',
  organizational_unit: 'Lab',
  city: 'Berlin',
  state: 'Berlin',
  country: 'DE',
};

const posts = () =>
  bmc.requests.filter(({ method, path }) => method === 'POST' && !path.includes('Sessions'));

it('shows the certificates of the BMC', async () => {
  await start();
  expect(await bench.ask('get_certificates')).toEqual({
    certificates: [
      {
        path: `${ALL}/1`,
        usages: ['Web'],
        subject: { CommonName: 'localhost' },
        issuer: { CommonName: 'localhost' },
        valid_from: expect.stringMatching(/^\d{4}-.*Z$/),
        valid_until: expect.stringMatching(/^\d{4}-.*Z$/),
        fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}/),
        type: 'PEM',
        certificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
      },
    ],
  });
});

it('leaves out a certificate that is listed and not there', async () => {
  await start();
  const locations = '/redfish/v1/CertificateService/CertificateLocations';
  bmc.change(locations, {
    Links: { Certificates: [{ '@odata.id': '/redfish/v1/Gone' }, { '@odata.id': `${ALL}/1` }] },
  });
  expect((await bench.ask('get_certificates'))['certificates']).toHaveLength(1);
});

it('shows those of the web server where the BMC has no list', async () => {
  await start();
  bmc.change('/redfish/v1/CertificateService', { CertificateLocations: null });
  expect((await bench.ask('get_certificates'))['certificates']).toMatchObject([{ path: `${ALL}/1` }]);
});

it('lets the BMC make a request for a certificate', async () => {
  await start();
  const made = await bench.ask('generate_csr', {
    ...SUBJECT,
    alternative_names: ['10.0.0.1'],
    key_bit_length: 3072,
  });
  expect(made).toEqual({
    collection: ALL,
    csr: expect.stringMatching(/^-----BEGIN CERTIFICATE REQUEST-----\n/),
  });
  expect(posts().map(({ body }) => body)).toEqual([
    {
      CertificateCollection: { '@odata.id': ALL },
      CommonName: 'bmc.example',
      Organization: 'Example',
      OrganizationalUnit: 'Lab',
      City: 'Berlin',
      State: 'Berlin',
      Country: 'DE',
      AlternativeNames: ['10.0.0.1'],
      KeyBitLength: 3072,
    },
  ]);
});

it('is in doubt about a request for a certificate whose answer was lost, and does not send it again', async () => {
  await start({
    misbehave: { resetOnce: { when: 'after-effect', method: 'POST', path: 'GenerateCSR' } },
  });
  expect(await failureOf(bench.call('generate_csr', SUBJECT))).toMatchObject({
    code: 'OutcomeUnknown',
    message: expect.stringContaining('The request was sent; the BMC may have done it.'),
  });
  expect(posts()).toHaveLength(1);
});

it.each([false, true])(
  'replaces the certificate of the web server (without an action: %s)',
  async (without) => {
    await start({ misbehave: { noReplaceCertificate: without } });
    expect(await bench.ask('replace_certificate', { certificate: NEW })).toEqual({ path: `${ALL}/1` });
    expect(bmc.resource(`${ALL}/1`)).toMatchObject({ Subject: { CommonName: 'new.example' } });
    expect(posts()).toHaveLength(1);
  },
);

it('replaces the one that is named', async () => {
  await start();
  const path = `${ALL}/1/`;
  expect(await bench.ask('replace_certificate', { certificate: NEW, path })).toEqual({ path: `${ALL}/1` });
  const failure = await failureOf(
    bench.call('replace_certificate', { certificate: NEW, path: 'https://x/1' }),
  );
  expect(failure).toMatchObject({ status: 400, message: expect.stringContaining(`there are: ${ALL}/1`) });
});

it('sends a replacement once, also if its answer is lost', async () => {
  const resetOnce = { when: 'after-effect', method: 'POST', path: 'ReplaceCertificate' } as const;
  await start({ misbehave: { resetOnce } });
  const failure = await failureOf(bench.call('replace_certificate', { certificate: NEW }));
  expect(failure).toMatchObject({
    code: 'OutcomeUnknown',
    status: 500,
    message: expect.stringContaining('The request was sent; the BMC may have done it.'),
  });
  expect(posts()).toHaveLength(1);
});

it("answers 400 with the BMC's words for what it refuses, without the key", async () => {
  await start({ misbehave: { quotesRequests: true } });
  const long = { ...SUBJECT, collection: '/redfish/v1/None' };
  expect(await failureOf(bench.call('generate_csr', long))).toMatchObject({
    status: 400,
    code: 'InvalidParameterValue',
    message: expect.stringContaining('CertificateCollection'),
  });
  bmc.change(ALL, { Members: [{ '@odata.id': '/redfish/v1/None' }] });
  const failure = await failureOf(bench.call('replace_certificate', { certificate: NEW + KEY }));
  expect(failure).toMatchObject({ status: 400 });
  for (const line of KEY.split('\n').filter((each) => each.length > 20 && !each.startsWith('-'))) {
    expect(failure.message).not.toContain(line);
  }
});

it('is not supported where there is no CertificateService, or no such action', async () => {
  await start({ profile: 'supermicro-x10' });
  const unsupported = { status: 400, code: 'UnsupportedDriverExtension' };
  expect(await failureOf(bench.call('get_certificates'))).toMatchObject(unsupported);
  expect(await failureOf(bench.call('replace_certificate', { certificate: NEW }))).toMatchObject(unsupported);
  await bench.close();
  await bmc.close();
  await start();
  bmc.change('/redfish/v1/CertificateService', { Actions: { '#CertificateService.GenerateCSR': null } });
  expect(await failureOf(bench.call('generate_csr', SUBJECT))).toMatchObject(unsupported);
});

it.each([
  ['generate_csr', {}],
  ['generate_csr', { ...SUBJECT, country: 'Germany' }],
  ['generate_csr', { ...SUBJECT, key_bit_length: 'long' }],
  ['replace_certificate', {}],
  ['replace_certificate', { certificate: 'no PEM' }],
  ['replace_certificate', { certificate: KEY }],
])('%s refuses %j before the BMC is asked', async (method, args) => {
  await start();
  const failure = await failureOf(bench.call(method, args));
  expect(failure).toBeInstanceOf(BadArguments);
  expect(failure.message).not.toContain('PRIVATE');
  expect(bmc.requests).toEqual([]);
});
