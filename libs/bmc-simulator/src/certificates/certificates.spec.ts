import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Extensions, SubjectAlternativeName } from '@peculiar/asn1-x509';
import { call } from '../client.spec-support.js';
import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { textOf } from '../tree/json.js';
import { selfSignedCertificate } from './certificate.js';

const SERVICE = '/redfish/v1/CertificateService';
const ALL = '/redfish/v1/Managers/BMC/NetworkProtocol/HTTPS/Certificates';
const SUBJECT = {
  CertificateCollection: { '@odata.id': ALL },
  CommonName: 'bmc.example',
  Organization: 'Example',
  OrganizationalUnit: 'Lab',
  City: 'Berlin',
  State: 'Berlin',
  Country: 'DE',
};
const { certPem } = selfSignedCertificate({ names: ['new.example'] });
const NEW = {
  CertificateUri: { '@odata.id': `${ALL}/1` },
  CertificateString: certPem,
  CertificateType: 'PEM',
};

let bmc: BmcServer;
beforeEach(async () => {
  bmc = await startBmc();
});
afterEach(() => bmc.close());

const act = (name: string, body: object) =>
  call(bmc, 'POST', `${SERVICE}/Actions/CertificateService.${name}`, { body: { ...body } });

it('shows the certificate of the web server', async () => {
  const { body } = await call(bmc, 'GET', `${ALL}/1`);
  expect(body).toMatchObject({ Subject: { CommonName: 'localhost' }, CertificateUsageTypes: ['Web'] });
  expect(new X509Certificate(textOf(body['CertificateString'])).fingerprint256).toBe(body['Fingerprint']);
  expect(textOf(body['SerialNumber'])).toMatch(/^([0-9A-F]{2}:)*[0-9A-F]{2}$/);
  const locations = await call(bmc, 'GET', `${SERVICE}/CertificateLocations`);
  expect(locations.headers['allow']).toBe('GET, HEAD');
});

it('makes a request for a certificate', async () => {
  const { body } = await act('GenerateCSR', { ...SUBJECT, AlternativeNames: ['bmc.example', '10.0.0.1'] });
  const text = textOf(body['CSRString']);
  expect(text).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
  const der = Buffer.from(text.replace(/-----[^-]+-----|\n/g, ''), 'base64');
  const request = AsnConvert.parse(der, CertificationRequest);
  const info = request.certificationRequestInfo;
  const key = createPublicKey({
    key: Buffer.from(AsnConvert.serialize(info.subjectPKInfo)),
    format: 'der',
    type: 'spki',
  });
  const signed = Buffer.from(request.certificationRequestInfoRaw ?? new ArrayBuffer(0));
  expect(verify('sha256', signed, key, Buffer.from(request.signature))).toBe(true);
  const subject = info.subject.map(([part]) => part?.value.toString());
  expect(subject).toEqual(['DE', 'Berlin', 'Berlin', 'Example', 'Lab', 'bmc.example']);
  const names = info.attributes
    .flatMap(({ values }) => values.flatMap((value) => [...AsnConvert.parse(value, Extensions)]))
    .flatMap(({ extnValue }) => [...AsnConvert.parse(extnValue, SubjectAlternativeName)]);
  expect(names.map(({ dNSName, iPAddress }) => dNSName ?? iPAddress)).toEqual(['bmc.example', '10.0.0.1']);
});

it('replaces it', async () => {
  const { status, body } = await act('ReplaceCertificate', NEW);
  expect([status, body['Subject']]).toEqual([200, { CommonName: 'new.example' }]);
});

it('has it replaced by a POST to its collection, where there is no action', async () => {
  bmc.misbehave({ noReplaceCertificate: true });
  expect((await call(bmc, 'GET', SERVICE)).raw.includes('ReplaceCertificate')).toBe(false);
  const { CertificateString, CertificateType } = NEW;
  const made = await call(bmc, 'POST', ALL, { body: { CertificateString, CertificateType } });
  expect([made.status, made.body['Subject']]).toEqual([201, { CommonName: 'new.example' }]);
});

it.each([
  ['GenerateCSR', { ...SUBJECT, Country: 'Germany' }, 'ActionParameterValueFormatError'],
  ['GenerateCSR', { ...SUBJECT, City: undefined }, 'ActionParameterMissing'],
  ['GenerateCSR', { ...SUBJECT, Colour: 'red' }, 'ActionParameterUnknown'],
  ['ReplaceCertificate', { ...NEW, CertificateString: 'no PEM' }, 'ActionParameterValueFormatError'],
  ['ReplaceCertificate', { ...NEW, CertificateType: 'PKCS12' }, 'ActionParameterValueFormatError'],
  [
    'ReplaceCertificate',
    { ...NEW, CertificateUri: { '@odata.id': '/x' } },
    'ActionParameterValueFormatError',
  ],
])('%s refuses %j', async (name, body, id) => {
  const refused = await act(name, body);
  expect([refused.status, refused.raw.includes(id)]).toEqual([400, true]);
});
