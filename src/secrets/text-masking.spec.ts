import { maskText } from './text-masking.js';

describe('masking of texts', () => {
  it.each([
    ['http://h/?password=xx', 'http://h/?password=******'],
    ['user=u password=abc rest', 'user=u password=****** rest'],
    ['PASSWORD = abc', 'PASSWORD = ******'],
    ["auth_token='a b c' x", "auth_token='******' x"],
    ['{"password": "a b", "user": "u"}', '{"password": "******", "user": "u"}'],
    ["{'secret2': 'it'}", "{'secret2': '******'}"],
    ['{\\"admin_pass\\": \\"x y\\"}', '{\\"admin_pass\\": \\"******\\"}'],
    ['run --password abc --user u', 'run --password ****** --user u'],
    ['run --os-password "abc" --user u', 'run --os-password "******" --user u'],
    ['run --password="a b" --user u', 'run --password="******" --user u'],
    ['<adminPass>x</adminPass>', '<adminPass>******</adminPass>'],
    ['https://root:calvin@10.0.0.1/redfish', 'https://root:******@10.0.0.1/redfish'],
    ['https://root:c@lvin@10.0.0.1/redfish', 'https://root:******@10.0.0.1/redfish'],
    ['root:calvin@10.0.0.1', 'root:******@10.0.0.1'],
    ['Authorization: Basic cm9vdDpjYWx2aW4=', 'Authorization: ******'],
    ['sent Basic cm9vdDpjYWx2aW4= to the BMC', 'sent Basic ****** to the BMC'],
    ['{"auth":"basic cm9vdDpjYWx2aW4_"}', '{"auth":"basic ******"}'],
    ["-H 'Authorization: Bearer abc def' -k", "-H 'Authorization: ******' -k"],
    ['snmp_community=private x', 'snmp_community=****** x'],
    ['PIN: 1234', 'PIN: ******'],
    ['{"bmc_pin": 1234, "a": 1}', '{"bmc_pin": ******, "a": 1}'],
    ['{"password": ["a", "b"], "a": 1}', '{"password": ******], "a": 1}'],
    ['{"password": {"user": "u", "token": "t"}}', '{"password": {"user": "u", "token": "******"}}'],
    ['{"password": "a\\"b", "user": "u"}', '{"password": "******", "user": "u"}'],
    ['{"password": "a\\\\", "user": "u"}', '{"password": "******", "user": "u"}'],
    ['{"text": "password=\\"a b\\" x"}', '{"text": "password=\\"******\\" x"}'],
    ['{"text": "password=\\"a"}', '{"text": "password=\\"******"}'],
    ['password="a b', 'password="******'],
    ['password=pass\\word', 'password=******'],
    [
      `${'x'.repeat(50)}_password${'_x'.repeat(50)}=abc`,
      `${'x'.repeat(50)}_password${'_x'.repeat(50)}=******`,
    ],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'https://10.0.0.1:8443/redfish',
    'a passing remark',
    'the password is somewhere else',
    'spin=1 pinned: 2 pins=3',
    'user@host:port',
    'Basic authentication is off; Basic settings; WWW-Authenticate: Basic realm="BMC"',
    '******',
    '',
  ])('%j stays', (text) => {
    expect(maskText(text)).toBe(text);
  });

  // With more than linear time these would exceed the time limit of the test.
  it.each([
    'password',
    'password-',
    '-password ',
    'pin-',
    '-',
    '<',
    '\\',
    'password ',
    'password=',
    'password:\\',
    'password\\',
    '://',
    '://:',
    '@:',
    "password='",
    'password="\\',
    'password=\\"',
    '{"password": [',
    '--password ',
    '<password>',
    'authorization:',
    'Basic ',
    'Basic a',
  ])('%j, again and again, ends', (part) => {
    const text = `password ${part.repeat(1_000_000 / part.length)}`;
    expect(maskText(text).length).toBeGreaterThan(0);
  });
});
