import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { FileProblem } from '../../files/watched-file.js';
import { tlsCredentials, type TlsTexts } from './tls-credentials.js';

const DAY = 86_400_000;
const own = selfSignedCertificate();
const other = selfSignedCertificate();
const right: TlsTexts = { certificate: own.certPem, key: own.keyPem, clientCa: undefined };

function problemsOf(texts: Partial<TlsTexts>, now?: number): readonly string[] {
  try {
    tlsCredentials({ ...right, ...texts }, now);
  } catch (error) {
    if (error instanceof FileProblem) return error.problems;
    throw error;
  }
  return [];
}

describe('tlsCredentials', () => {
  it('are a certificate, also with a chain, its key and the authorities of clients', () => {
    const certificate = `subject=CN=a\n${own.certPem}\n${other.certPem}`;
    expect(tlsCredentials({ ...right, certificate, clientCa: other.certPem })).toEqual({
      cert: certificate,
      key: own.keyPem,
      ca: other.certPem,
      minVersion: 'TLSv1.2',
    });
  });

  it('are not the key of another certificate', () => {
    expect(problemsOf({ key: other.keyPem })).toEqual([
      'FERRULE_TLS_KEY: the key does not belong to the first certificate of FERRULE_TLS_CERT',
    ]);
  });

  it.each([
    ['PKCS #8', 'pkcs8'],
    ['the older form', 'sec1'],
  ] as const)('are not a key with a passphrase in %s', (_form, type) => {
    const key = createPrivateKey(own.keyPem)
      .export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'hunter2' })
      .toString();
    expect(problemsOf({ key })).toEqual([
      expect.stringMatching(/^FERRULE_TLS_KEY: the key has a passphrase/),
    ]);
  });

  it('are not an expired certificate', () => {
    const certificate = selfSignedCertificate({ notAfter: new Date(Date.now() + DAY) });
    const texts = { certificate: certificate.certPem, key: certificate.keyPem };
    expect(problemsOf(texts)).toEqual([]);
    expect(problemsOf(texts, Date.now() + 2 * DAY)).toEqual([
      expect.stringMatching(/^FERRULE_TLS_CERT: the certificate expired at /),
    ]);
  });

  it('report all that is wrong at once, without the content of the key', () => {
    const broken = own.certPem.replace(/\n.{20}/, `\n${'A'.repeat(20)}`);
    const problems = problemsOf({
      certificate: broken,
      key: 'hunter2',
      clientCa: '',
      clientCrl: own.certPem,
    });
    expect(problems).toEqual([
      'FERRULE_TLS_CERT: the file has a certificate that cannot be read',
      'FERRULE_TLS_KEY: the file has no private key in PEM',
      'FERRULE_TLS_CLIENT_CA: the file has no certificate in PEM',
      'FERRULE_TLS_CLIENT_CRL: the file has no revocation list in PEM',
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('are not a key of a kind that TLS does not use', () => {
    const { privateKey } = generateKeyPairSync('x25519');
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(problemsOf({ key })).toHaveLength(1);
  });
});
