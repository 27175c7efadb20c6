import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { whyNoCertificate } from './pem.js';

const one = selfSignedCertificate({ names: ['one.example'] });
const other = selfSignedCertificate({ names: ['other.example'] });
const expired = selfSignedCertificate({
  notAfter: new Date('2020-01-01'),
  notBefore: new Date('2019-01-01'),
});

it.each([
  ['a certificate', one.certPem],
  ['a chain', one.certPem + other.certPem],
  ['a certificate with its key', one.certPem + one.keyPem],
  ['a key before its certificate', one.keyPem + one.certPem],
])('%s is one', (_what, text) => {
  expect(whyNoCertificate(text)).toBeUndefined();
});

it.each([
  ['', 'no certificate'],
  ['MIIB', 'no certificate'],
  [one.keyPem, 'no certificate'],
  [`${one.certPem}\nand more`, 'text beside'],
  ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'cannot be read'],
  [expired.certPem, 'expired'],
  [one.certPem + other.keyPem, 'does not belong'],
  [one.certPem + one.keyPem + one.keyPem, 'more than one key'],
  [`${one.certPem}-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----`, 'more than certificates'],
])('%j is not', (text, why) => {
  const told = whyNoCertificate(text);
  expect(told).toContain(why);
  expect(told).not.toContain('-----');
});
