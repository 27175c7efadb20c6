import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { der, oid, pem, sequence, set, subjectAltName, time, utf8 } from './der.js';

export interface CertificateOptions {
  /** DNS names and IPv4 addresses; default `localhost` and `127.0.0.1`. */
  names?: readonly string[];
  notBefore?: Date;
  notAfter?: Date;
}

export interface KeyAndCertificate {
  readonly keyPem: string;
  readonly certPem: string;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * A self-signed X.509 v3 certificate, ECDSA P-256 with SHA-256, made at run time so that no private key is in the
 * repository. Source: RFC 5280 section 4.1, RFC 5480, RFC 5758.
 */
export function selfSignedCertificate(options: CertificateOptions = {}): KeyAndCertificate {
  const names = options.names ?? ['localhost', '127.0.0.1'];
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY);
  const notAfter = options.notAfter ?? new Date(Date.now() + 3650 * DAY);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8(names[0] ?? 'bmc'))));
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    subject,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(basicConstraints(), subjectAltName(names))),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certPem: pem('CERTIFICATE', certificate),
  };
}

function basicConstraints(): Buffer {
  const isCa = sequence(der(0x01, Buffer.from([0xff])));
  return sequence(oid('2.5.29.19'), der(0x01, Buffer.from([0xff])), der(0x04, isCa));
}
