import { type KeyPairKeyObjectResult, sign } from 'node:crypto';
import { der, oid, pem, sequence, set, subjectAltName, utf8 } from './der.js';

/** The parts of a subject and their object identifiers, in the usual order. */
const PARTS = [
  ['Country', '2.5.4.6'],
  ['State', '2.5.4.8'],
  ['City', '2.5.4.7'],
  ['Organization', '2.5.4.10'],
  ['OrganizationalUnit', '2.5.4.11'],
  ['CommonName', '2.5.4.3'],
] as const;

export type SubjectPart = (typeof PARTS)[number][0];

/** A request for a certificate, ECDSA P-256 with SHA-256, in PEM. Source: RFC 2986. */
export function signingRequest(
  subject: ReadonlyMap<SubjectPart, string>,
  names: readonly string[],
  { publicKey, privateKey }: KeyPairKeyObjectResult,
): string {
  const parts = PARTS.map(([name, id]) => {
    const value = subject.get(name) ?? '';
    // A country is a PrintableString.
    return set(sequence(oid(id), name === 'Country' ? der(0x13, Buffer.from(value)) : utf8(value)));
  });
  const extensions = sequence(oid('1.2.840.113549.1.9.14'), set(sequence(subjectAltName(names))));
  const body = sequence(
    der(0x02, Buffer.from([0])),
    sequence(...parts),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa0, names.length > 0 ? extensions : Buffer.alloc(0)),
  );
  const signature = sign('sha256', body, privateKey);
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return pem('CERTIFICATE REQUEST', whole);
}
