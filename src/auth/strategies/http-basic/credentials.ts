import { MalformedCredentials } from '../../errors.js';

export interface Credentials {
  readonly user: string;
  /** Any bytes. */
  readonly password: Buffer;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const COLON = 0x3a;

/** @param encoded what follows the word `Basic`. @throws MalformedCredentials */
export function credentialsIn(encoded: string): Credentials {
  if (encoded === '' || !BASE64.test(encoded)) {
    throw new MalformedCredentials('The credentials of the scheme Basic are not base64.');
  }
  const bytes = Buffer.from(encoded, 'base64');
  const colon = bytes.indexOf(COLON);
  if (colon < 0) throw new MalformedCredentials('The credentials of the scheme Basic have no colon.');
  try {
    return { user: UTF8.decode(bytes.subarray(0, colon)), password: bytes.subarray(colon + 1) };
  } catch {
    throw new MalformedCredentials('The user name is not UTF-8.');
  }
}
