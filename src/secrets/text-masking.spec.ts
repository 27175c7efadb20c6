import { isSecretKey, maskText } from './text-masking.js';

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
    ['<adminPass>x</adminPass>', '<adminPass>******</adminPass>'],
    ['https://root:calvin@10.0.0.1/redfish', 'https://root:******@10.0.0.1/redfish'],
    ['root:calvin@10.0.0.1', 'root:******@10.0.0.1'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'https://10.0.0.1:8443/redfish',
    'a passing remark',
    'the password is somewhere else',
    'user@host:port',
    '******',
    '',
  ])('%j stays', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it.each(['password', 'IPMI_PASSWORD', 'token_ttl', 'my_secret_ref', 'passphrase'])(
    '%s is a secret',
    (key) => {
      expect(isSecretKey(key)).toBe(true);
    },
  );

  it.each(['tok', 'api_key', 'username', 'pass'])('%s is none', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });

  it.each(['password', '-', 'password ', 'password=', '<', '://', "password='", '--password '])(
    'a long text of %j ends',
    (part) => {
      const text = `password ${part.repeat(100_000)}`;
      expect(maskText(text).length).toBeGreaterThan(0);
    },
  );
});
