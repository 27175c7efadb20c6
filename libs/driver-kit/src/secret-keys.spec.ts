import { isSecretKey } from './secret-keys.js';

describe('secret keys', () => {
  it.each([
    'password',
    'IPMI_PASSWORD',
    'adminPass',
    'token_ttl',
    'my_secret_ref',
    'passphrase',
    'X-Auth-Token',
    'snmp_auth_key',
    'snmp_priv_key',
    'snmp_community',
    'Authorization',
    'api_key',
    'apiKey',
    'credentials',
    'root_passwd',
    'ipmi_hex_kg_key',
    'pin',
    'PIN',
    'bmc_pin',
    'pin-code',
    'userPin',
    'pin2',
    'CommunityString',
    'HttpHeaders',
    'PrivateKey',
    'EncryptionKey',
    'AuthenticationKey',
    'IPMIKey',
    'licenseKeyString',
    'Users.2.SSHKey',
  ])('%s is one', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  it.each([
    'tok',
    'key',
    'username',
    'pass',
    'author',
    'spin',
    'pinned',
    'Pinned',
    'mapping',
    'snmp_auth_protocol',
    'SSHKeyExchange',
    'license_keys_left',
    'bypassWarnings',
  ])('%s is none', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });
});
