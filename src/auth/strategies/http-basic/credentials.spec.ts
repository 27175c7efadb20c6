import { MalformedCredentials } from '../../errors.js';
import { credentialsIn } from './credentials.js';

const encoded = (text: string | Uint8Array) => Buffer.from(text).toString('base64');

it.each([
  ['u:p', 'u', 'p'],
  ['u:p:q', 'u', 'p:q'],
  ['u:', 'u', ''],
  [':p', '', 'p'],
  ['žofie:žluť', 'žofie', 'žluť'],
])('%s are the credentials of a user', (text, user, password) => {
  expect(credentialsIn(encoded(text))).toEqual({ user, password: Buffer.from(password) });
});

it('a password may have any bytes', () => {
  const bytes = Buffer.from([0x75, 0x3a, 0xff, 0x00, 0xfe]);
  expect(credentialsIn(encoded(bytes)).password).toEqual(Buffer.from([0xff, 0x00, 0xfe]));
});

it.each(['', 'dTpw!', 'dTpwcQ', 'a', encoded('user'), encoded(Buffer.from([0xff, 0x3a, 0x70]))])(
  '%j is malformed',
  (text) => expect(() => credentialsIn(text)).toThrow(MalformedCredentials),
);
