import { Scrubber, secretsIn } from './scrub.js';

describe('secretsIn', () => {
  it('finds values below keys that name secrets, at any depth', () => {
    const found = secretsIn({
      Destination: 'https://events.test',
      HttpHeaders: [{ Authorization: 'Bearer abc' }, { 'X-Plain': 'also' }],
      Nested: { Password: 'p', list: [{ AccessToken: 't' }], Name: 'n' },
      Oem: { SNMP: { CommunityString: 'public' }, Users: [{ IPMIKey: 'i', new_pass: 'w' }] },
    });
    expect(found).toEqual(['Bearer abc', 'also', 'p', 't', 'public', 'i', 'w']);
  });

  it.each([
    ['https://images.example/a.iso?sig=abc%2F&x=1#top', ['sig=abc%2F&x=1']],
    ['nfs://user:pass@images.example/a.iso', ['user:pass', 'pass']],
    ['cifs://user@[fd00::1]/a?b', ['user', 'b']],
    ['https://images.example/a.iso', []],
    ['What is this?', []],
  ])('finds what gives access to %s', (Image, secrets) => {
    expect(secretsIn({ Image })).toEqual(secrets);
  });

  it('finds none without a payload', () => {
    expect(secretsIn(undefined)).toEqual([]);
  });
});

describe('Scrubber', () => {
  it('masks a secret in plain, JSON and URL form, the longest first', () => {
    const scrubber = new Scrubber(['hun"ter 2', 'hun']);
    expect(scrubber.text('a hun"ter 2 b hun\\"ter 2 c hun%22ter%202 d hun')).toBe('a *** b *** c *** d ***');
  });

  it('does not mask very short secrets, and accepts lone surrogates', () => {
    expect(new Scrubber(['a', '', 'x\ud800y']).text('a banana')).toBe('a banana');
  });

  it('masks the arguments and the advice of a message too', () => {
    const message = {
      id: 'x',
      key: 'x',
      text: 'hunter2 is wrong',
      severity: '',
      resolution: 'Do not use hunter2.',
      args: ['hunter2'],
      related: [],
    };
    expect(new Scrubber(['hunter2']).message(message)).toMatchObject({
      text: '*** is wrong',
      resolution: 'Do not use ***.',
      args: ['***'],
    });
  });

  it('finds private keys in PEM, line by line, and no certificates', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIA\nAwEHoUQDQg\n-----END EC PRIVATE KEY-----\n';
    const certificate = '-----BEGIN CERTIFICATE-----\nMIIBUzCB\n-----END CERTIFICATE-----\n';
    expect(secretsIn({ CertificateString: certificate + key })).toEqual(['MHcCAQEEIA', 'AwEHoUQDQg']);
  });
});
