import { createPrivateKey, X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g;
const KEY = /^(?:EC |RSA )?PRIVATE KEY$/;

/** Why a text is not a certificate or a chain in PEM, with or without its key; undefined if it is one. Shows none of it. */
export function whyNoCertificate(text: string, now = new Date()): string | undefined {
  const blocks = [...text.matchAll(BLOCK)].map(([pem, label = '']) => ({ pem, label }));
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  const keys = blocks.filter(({ label }) => KEY.test(label));
  if (certificates.length === 0) return 'it has no certificate in PEM';
  if (text.replaceAll(BLOCK, '').trim() !== '') return 'it has text beside the blocks of PEM';
  if (certificates.length + keys.length < blocks.length) return 'it has more than certificates and a key';
  if (keys.length > 1) return 'it has more than one key';
  const parsed = certificates.map(({ pem }) => certificateOf(pem));
  const [own] = parsed;
  if (own === undefined || parsed.includes(undefined)) return 'it has a certificate that cannot be read';
  if (new Date(own.validTo) < now) return 'the certificate has expired';
  const [key] = keys;
  return key === undefined || belongs(key.pem, own)
    ? undefined
    : 'the key does not belong to the certificate';
}

function certificateOf(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function belongs(pem: string, certificate: X509Certificate): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(pem));
  } catch {
    return false;
  }
}
