import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { failureOf, useBmc } from '../../bmc.spec-support.js';
import {
  CertificateService,
  RedfishArgumentError,
  RedfishMissingError,
  RedfishNotDoneError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from '../../index.js';

const SERVICE = '/redfish/v1/CertificateService';
const ALL = '/redfish/v1/Managers/BMC/NetworkProtocol/HTTPS/Certificates';
const SUBJECT = {
  CommonName: 'bmc.example',
  Organization: 'Example',
  OrganizationalUnit: 'Lab',
  City: 'Berlin',
  State: 'Berlin',
  Country: 'DE',
};
const one = selfSignedCertificate({ names: ['one.example'] }).certPem;
const issuer = selfSignedCertificate({ names: ['issuer.example'] }).certPem;

const lab = useBmc();
const certificates = () => new CertificateService(lab.client);
const posts = () =>
  lab.bmc.requests.filter(({ method, path }) => method === 'POST' && !path.includes('Sessions'));

it('lists certificates', async () => {
  expect(await certificates().list()).toMatchObject([
    { path: `${ALL}/1`, usages: ['Web'], subject: { CommonName: 'localhost' }, type: 'PEM' },
  ]);
});

it('has a request made for the web server, or another collection', async () => {
  const { csr, collection } = await certificates().generateCsr(SUBJECT);
  expect([collection, csr.includes('BEGIN CERTIFICATE REQUEST')]).toEqual([ALL, true]);
  const error = await failureOf(certificates().generateCsr(SUBJECT, { collection: '/redfish/v1/None' }));
  expect(error).toBeInstanceOf(RedfishValidationError);
});

it('replaces the certificate of the web server', async () => {
  expect(await certificates().replace(one)).toBe(`${ALL}/1`);
  expect(await certificates().list()).toMatchObject([{ subject: { CommonName: 'one.example' }, text: one }]);
});

it.each([
  [one, 'PEM'],
  [one + issuer, 'PEMchain'],
])('says of which type it is', async (pem, type) => {
  await certificates().replace(pem);
  expect(posts().map(({ body }) => body)).toMatchObject([{ CertificateType: type }]);
});

it('posts to the collection where the BMC has no action for it', async () => {
  lab.bmc.misbehave({ noReplaceCertificate: true });
  expect(await certificates().replace(one)).toBe(`${ALL}/1`);
  expect(posts().map(({ path }) => path)).toEqual([ALL]);
});

it('replaces only what the BMC lists', async () => {
  const error = await failureOf(certificates().replace(one, { path: '/redfish/v1/Systems/1' }));
  expect(error).toBeInstanceOf(RedfishArgumentError);
  expect(error).toMatchObject({ allowed: [`${ALL}/1`] });
  expect(posts()).toEqual([]);
});

it('tells what is missing', async () => {
  lab.bmc.change(SERVICE, { Actions: { '#CertificateService.GenerateCSR': null } });
  expect(await failureOf(certificates().generateCsr(SUBJECT))).toBeInstanceOf(RedfishUnsupportedError);
  lab.bmc.change('/redfish/v1/Managers/BMC/NetworkProtocol', { HTTPS: { Certificates: null } });
  expect(await failureOf(certificates().replace(one))).toBeInstanceOf(RedfishMissingError);
});

it('needs a CertificateService', async () => {
  lab.bmc.change('/redfish/v1', { CertificateService: null });
  expect(await failureOf(certificates().list())).toMatchObject({ property: 'CertificateService' });
});

it('does not take an answer without a request for one', async () => {
  lab.bmc.misbehave({ empty200: { method: 'POST', path: 'GenerateCSR' } });
  const error = await failureOf(certificates().generateCsr(SUBJECT));
  expect(error).toBeInstanceOf(RedfishNotDoneError);
});
