import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { FileProblem } from '../../files/watched-file.js';

/** Contents of PEM files. */
export interface TlsTexts {
  readonly certificate: string;
  readonly key: string;
  /** The authorities of client certificates. */
  readonly clientCa: string | undefined;
  /** The revocation lists of these authorities. */
  readonly clientCrl?: string | undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const REVOCATION_LIST = /-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g;
const HAS_PASSPHRASE = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** What a server with TLS needs. @throws FileProblem with all that is wrong, without anything of the key. */
export function tlsCredentials(
  { certificate, key, clientCa, clientCrl }: TlsTexts,
  now = Date.now(),
): SecureContextOptions {
  const problems: string[] = [];
  const [leaf] = certificatesIn('FERRULE_TLS_CERT', certificate, problems);
  const privateKey = keyIn(key, problems);
  if (leaf !== undefined && Date.parse(leaf.validTo) <= now) {
    problems.push(`FERRULE_TLS_CERT: the certificate expired at ${leaf.validTo}`);
  }
  if (leaf !== undefined && privateKey !== undefined && !leaf.checkPrivateKey(privateKey)) {
    problems.push('FERRULE_TLS_KEY: the key does not belong to the first certificate of FERRULE_TLS_CERT');
  }
  if (clientCa !== undefined) certificatesIn('FERRULE_TLS_CLIENT_CA', clientCa, problems);
  const lists = clientCrl === undefined ? [] : revocationListsIn(clientCrl, problems);
  const options: SecureContextOptions = {
    cert: certificate,
    key,
    ...(clientCa === undefined ? {} : { ca: clientCa }),
    ...(lists.length === 0 ? {} : { crl: lists }),
    minVersion: 'TLSv1.2',
  };
  if (problems.length === 0) tryOut(options, problems);
  if (problems.length > 0) throw new FileProblem(problems);
  return options;
}

function certificatesIn(setting: string, text: string, problems: string[]): X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) problems.push(`${setting}: the file has no certificate in PEM`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    problems.push(`${setting}: the file has a certificate that cannot be read`);
    return [];
  }
}

/** One text each, since Node reads only the first of a text. */
function revocationListsIn(text: string, problems: string[]): string[] {
  const lists = text.match(REVOCATION_LIST) ?? [];
  if (lists.length === 0) problems.push('FERRULE_TLS_CLIENT_CRL: the file has no revocation list in PEM');
  try {
    createSecureContext({ crl: lists });
  } catch {
    problems.push('FERRULE_TLS_CLIENT_CRL: the file has a revocation list that cannot be read');
  }
  return lists;
}

function keyIn(text: string, problems: string[]): KeyObject | undefined {
  if (HAS_PASSPHRASE.test(text)) {
    problems.push(
      "FERRULE_TLS_KEY: the key has a passphrase, which is not supported; 'openssl pkey -in … -out …' writes it without one",
    );
    return undefined;
  }
  try {
    return createPrivateKey(text);
  } catch {
    problems.push('FERRULE_TLS_KEY: the file has no private key in PEM');
    return undefined;
  }
}

/** OpenSSL refuses, for example, keys that are too short. */
function tryOut(options: SecureContextOptions, problems: string[]): void {
  try {
    createSecureContext(options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    problems.push(`FERRULE_TLS_CERT and FERRULE_TLS_KEY cannot be used (${code})`);
  }
}
