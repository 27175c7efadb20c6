import { type TaskNode } from '@ferrule/driver-kit';
import { maskValue } from './masking.js';
import { maskSettings, redactor, redactSettings, secretsOf, secretsOfSetting } from './redact.js';

const NODE: TaskNode = {
  uuid: '00000000-0000-4000-8000-000000000001',
  name: null,
  driver: 'fake-hardware',
  driverInfo: { ipmi_password: 'cal"vin/1', bmc: { pin: 4711 }, ipmi_username: 'operator' },
  driverInternalInfo: { session_token: 'tok-123456' },
  properties: {},
  extra: {},
  instanceInfo: { configdrive: 'drive-data' },
  powerState: null,
};
const redact = redactor(() =>
  secretsOf(NODE, ['key'], { key: 'given-key', user: { api_key: 'nested-key' } }),
);

describe('redaction for a call', () => {
  it.each([
    ['a secret of driver_info: cal"vin/1', 'a secret of driver_info: ******'],
    ['in JSON: {"x":"cal\\"vin/1"}', 'in JSON: {"x":"******"}'],
    [
      'in JSON inside JSON: {"x":"{\\"y\\":\\"cal\\\\\\"vin/1\\"}"}',
      'in JSON inside JSON: {"x":"{\\"y\\":\\"******\\"}"}',
    ],
    ['in another case: CAL"VIN/1 Given-Key', 'in another case: ****** ******'],
    ['in a URL, in small letters: cal%22vin%2f1', 'in a URL, in small letters: ******'],
    ['in a URL: cal%22vin%2F1', 'in a URL: ******'],
    ['in Base64: Y2FsInZpbi8x Z2l2ZW4ta2V5', 'in Base64: ****** ******'],
    ['nested: 4711', 'nested: ******'],
    ['of the driver: tok-123456', 'of the driver: ******'],
    ['of the instance: drive-data', 'of the instance: ******'],
    ['arguments: given-key nested-key', 'arguments: ****** ******'],
    ['a name: operator', 'a name: operator'],
    ['spelled out: password=unknown', 'spelled out: password=******'],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    ['a URL', 'a&b<c>d"e\'f%20/g', "a&b%3Cc%3Ed%22e'f%2520/g"],
    ['an element of XML', 'a&b<c>d"e', 'a&amp;b&lt;c>d"e'],
    ['an element of XML, with >', 'a&b<c>d"e', 'a&amp;b&lt;c&gt;d"e'],
    ['an attribute of XML', 'a&b<c>d"e\'f', "a&amp;b&lt;c&gt;d&quot;e'f"],
    ['an attribute of XML, with apostrophes', 'a&b"c\'d', 'a&amp;b&quot;c&apos;d'],
    ['HTML', 'a&b"c\'d', 'a&amp;b&quot;c&#39;d'],
  ])('finds a secret as it is in %s', (_, secret, form) => {
    const own = redactor(() => secretsOf(null, ['key'], { key: secret }));
    expect(own(`the BMC refuses ${form}, it says`)).toBe('the BMC refuses ******, it says');
  });

  it('masks short values in a secret argument only under a secret name', () => {
    const attributes = {
      BootMode: 'Bios',
      SysPassword: 'Kiwi',
      AssetText: 'long-enough',
      '1': { pin: 4711 },
    };
    const own = redactor(() => secretsOf(null, ['attributes'], { attributes }));
    expect(own('/redfish/v1/Systems/1/Bios: Kiwi, long-enough, 4711')).toBe(
      '/redfish/v1/Systems/1/Bios: ******, ******, ******',
    );
    expect(own('the system has a kiwi')).toBe('the system has a kiwi');
  });

  it('masks secrets that are too long for one pattern, and nothing without secrets', () => {
    const long = 'a|'.repeat(20_000);
    const own = redactor(() => secretsOf(null, ['key', 'other'], { key: long, other: 'x.yz' }));
    expect(own(`${long}, x.yz and x-yz`)).toBe('******, ****** and x-yz');
    expect(redactor(() => [])('a text')).toBe('a text');
  });

  it('masks thousands of secrets in a short text, longer ones first', () => {
    const token = Array.from({ length: 3_000 }, (_, index) => `s-${index + 1_000}`);
    const own = redactor(() => secretsOf(null, [], { token: ['s-1234-more', ...token] }));
    expect(own('a s-1234-more, s-1999s-2000 and s-999')).toBe('a ******, ************ and s-999');
    expect(own('s')).toBe('s');
  });

  it('masks secret settings of packages, in calls and outside them', () => {
    maskSettings(secretsOfSetting(['mirror-token', 'abc']));
    try {
      const own = redactor(() => secretsOf(null, ['key'], { key: 'mirror-token-2' }));
      expect(own('mirror-token-2, MIRROR-TOKEN, abc')).toBe('******, ******, abc');
      expect(redactSettings('mirror-token, password=unknown')).toBe('******, password=******');
    } finally {
      maskSettings([]);
    }
    expect(redactSettings('mirror-token, password=unknown')).toBe('mirror-token, password=******');
  });

  it('walks through values', () => {
    expect(maskValue({ percent: 5, message: 'with given-key', steps: [{ token: 'x' }] }, redact)).toEqual({
      percent: 5,
      message: 'with ******',
      steps: [{ token: '******' }],
    });
  });
});
