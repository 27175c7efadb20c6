import { uuidOf } from './uuid.js';

const UUID = '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10';

describe('UUIDs', () => {
  it.each([UUID, UUID.toUpperCase(), UUID.replaceAll('-', ''), `{${UUID}}`, `urn:uuid:${UUID}`])(
    '%s is normalised',
    (text) => {
      expect(uuidOf(text)).toBe(UUID);
    },
  );

  it.each(['', 'x', UUID.slice(1), `${UUID}0`, `${UUID.slice(1)}g`, 'rack7-u12'])(
    '%j is not a UUID',
    (text) => {
      expect(uuidOf(text)).toBeUndefined();
    },
  );
});
