import { redacted } from './redact.js';

describe('redacted', () => {
  it.each([
    'Password',
    'AuthToken',
    'CommunityString',
    'SNMPCommunityName',
    'EncryptionKey',
    'PrivateKey',
    'Users.2.SHA256Password',
    'SysPin',
  ])('hides %s', (key) => {
    expect(redacted({ Oem: { [key]: 'hunter22', Id: '2' } })).toEqual({ Oem: { [key]: '******', Id: '2' } });
  });

  it('hides every text below a secret key, except links', () => {
    expect(
      redacted({ HttpHeaders: [{ 'X-Site': 'a' }], Credentials: { '@odata.id': '/x', Enabled: true } }),
    ).toEqual({
      HttpHeaders: [{ 'X-Site': '******' }],
      Credentials: { '@odata.id': '/x', Enabled: true },
    });
  });

  it.each(['PasswordExpiration', 'MinPasswordLength', 'PasswordName', 'Token@Redfish.AllowableValues'])(
    'shows %s',
    (key) => {
      expect(redacted({ [key]: 'some text' })).toEqual({ [key]: 'some text' });
    },
  );

  it('shows an empty secret as empty', () => {
    expect(redacted({ Password: '' })).toEqual({ Password: '' });
  });

  it('hides userinfo in addresses, and secrets of at least eight characters', () => {
    expect(redacted({ a: 'https://u:p@bmc/', b: 'is hunter22, not root' }, ['hunter22', 'root'])).toEqual({
      a: 'https://******@bmc/',
      b: 'is ******, not root',
    });
  });
});
