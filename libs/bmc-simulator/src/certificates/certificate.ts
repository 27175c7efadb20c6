import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  BasicConstraints,
  Certificate,
  Extensions,
  id_ce_basicConstraints,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import {
  alternativeNames,
  distinguishedName,
  ECDSA_SHA256,
  extension,
  pemOf,
  publicKeyInfo,
  signatureOf,
} from './x509.js';

export interface CertificateOptions {
  /** DNS names and IP addresses; default `localhost` and `127.0.0.1`. */
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
 * repository. Source: RFC 5280 section 4.1.
 */
export function selfSignedCertificate(options: CertificateOptions = {}): KeyAndCertificate {
  const names = options.names ?? ['localhost', '127.0.0.1'];
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = distinguishedName(new Map([['CommonName', names[0] ?? 'bmc']]));
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    // The first byte makes the number positive.
    serialNumber: new Uint8Array([0x01, ...randomBytes(15)]).buffer,
    signature: ECDSA_SHA256,
    issuer: subject,
    validity: new Validity({
      notBefore: options.notBefore ?? new Date(Date.now() - DAY),
      notAfter: options.notAfter ?? new Date(Date.now() + 3650 * DAY),
    }),
    subject,
    subjectPublicKeyInfo: publicKeyInfo(publicKey),
    extensions: new Extensions([
      extension(id_ce_basicConstraints, new BasicConstraints({ cA: true }), true),
      alternativeNames(names),
    ]),
  });
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_SHA256,
    signatureValue: signatureOf(tbsCertificate, privateKey),
  });
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certPem: pemOf('CERTIFICATE', certificate),
  };
}
