import { type KeyObject, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Extension,
  GeneralName,
  id_ce_subjectAltName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
} from '@peculiar/asn1-x509';

/** ECDSA with SHA-256, of which every certificate and request here is made. Source: RFC 5758. */
export const ECDSA_SHA256 = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' });

/** The parts of a name and their object identifiers, in the usual order. */
const PARTS = {
  Country: '2.5.4.6',
  State: '2.5.4.8',
  City: '2.5.4.7',
  Organization: '2.5.4.10',
  OrganizationalUnit: '2.5.4.11',
  CommonName: '2.5.4.3',
} as const;

export type SubjectPart = keyof typeof PARTS;

export const SUBJECT_PARTS = Object.keys(PARTS) as SubjectPart[];

export function distinguishedName(parts: ReadonlyMap<SubjectPart, string>): Name {
  const named = SUBJECT_PARTS.flatMap((part) => {
    const text = parts.get(part);
    if (text === undefined) return [];
    // A country is a PrintableString.
    const value = part === 'Country' ? { printableString: text } : { utf8String: text };
    return [
      new RelativeDistinguishedName([
        new AttributeTypeAndValue({ type: PARTS[part], value: new AttributeValue(value) }),
      ]),
    ];
  });
  return new Name(named);
}

/** The extension with DNS names and IP addresses. */
export function alternativeNames(names: readonly string[]): Extension {
  const entries = names.map(
    (name) => new GeneralName(isIP(name) > 0 ? { iPAddress: name } : { dNSName: name }),
  );
  return extension(id_ce_subjectAltName, new SubjectAlternativeName(entries));
}

export function extension(id: string, value: unknown, critical = false): Extension {
  return new Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

export function publicKeyInfo(key: KeyObject): SubjectPublicKeyInfo {
  return AsnConvert.parse(key.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo);
}

export function signatureOf(content: unknown, key: KeyObject): ArrayBuffer {
  return new Uint8Array(sign('sha256', new Uint8Array(AsnConvert.serialize(content)), key)).buffer;
}

export function pemOf(label: string, content: unknown): string {
  const text = Buffer.from(AsnConvert.serialize(content)).toString('base64');
  return `-----BEGIN ${label}-----\n${text.replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;
}
