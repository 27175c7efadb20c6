import { type KeyPairKeyObjectResult } from 'node:crypto';
import { Attributes, CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Attribute, Extensions } from '@peculiar/asn1-x509';
import {
  alternativeNames,
  distinguishedName,
  ECDSA_SHA256,
  pemOf,
  publicKeyInfo,
  signatureOf,
  type SubjectPart,
} from './x509.js';

/** The attribute `extensionRequest`. Source: RFC 2985 section 5.4.2. */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** A request for a certificate, ECDSA P-256 with SHA-256, in PEM. Source: RFC 2986. */
export function signingRequest(
  subject: ReadonlyMap<SubjectPart, string>,
  names: readonly string[],
  { publicKey, privateKey }: KeyPairKeyObjectResult,
): string {
  const extensions = new Extensions([alternativeNames(names)]);
  const requested = new Attribute({ type: EXTENSION_REQUEST, values: [AsnConvert.serialize(extensions)] });
  const certificationRequestInfo = new CertificationRequestInfo({
    subject: distinguishedName(subject),
    subjectPKInfo: publicKeyInfo(publicKey),
    attributes: new Attributes(names.length > 0 ? [requested] : []),
  });
  const request = new CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: ECDSA_SHA256,
    signature: signatureOf(certificationRequestInfo, privateKey),
  });
  return pemOf('CERTIFICATE REQUEST', request);
}
