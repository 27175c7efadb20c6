import { maskBelowSecretKeys, maskField } from './masking.js';

describe('masking of fields', () => {
  it('masks any value of a secret key except objects, which it walks', () => {
    const value = {
      password: 's',
      token_ttl: 5,
      password_list: ['a'],
      secret_flag: true,
      my_password: null,
      secrets: { inner: 'shown', password: 'x' },
      username: 'ops',
      u: 'http://h/?password=xx',
    };
    expect(maskField('driver_info', value)).toEqual({
      password: '******',
      token_ttl: '******',
      password_list: '******',
      secret_flag: '******',
      my_password: '******',
      secrets: { inner: 'shown', password: '******' },
      username: 'ops',
      u: 'http://h/?password=******',
    });
  });

  it('walks lists', () => {
    expect(maskField('driver_info', { a: [{ password: 'x' }, ['password=y']] })).toEqual({
      a: [{ password: '******' }, ['password=******']],
    });
  });

  it('masks the additional secrets of instance_info', () => {
    const value = { configdrive: { meta_data: {} }, image_url: 'http://x', image: 'y' };
    expect(maskField('driver_info', value)).toEqual(value);
    expect(maskField('instance_info', value)).toEqual({
      configdrive: '******',
      image_url: '******',
      image: 'y',
    });
    expect(maskField('instance_info', { image_url: '' })).toEqual({ image_url: '' });
  });

  it('changes nothing in place and handles unusual keys', () => {
    const value: unknown = JSON.parse('{"__proto__": {"password": "x"}, "password": "y"}');
    const masked = maskField('driver_info', value as Record<string, unknown>);
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"password":"******"},"password":"******"}');
    expect(JSON.stringify(value)).toContain('"y"');
  });
});

it('maskBelowSecretKeys masks objects under secret keys, too', () => {
  expect(
    maskBelowSecretKeys({ users: [{ secret: { deep: ['x'] }, name: 'a' }], token: 'y', note: 'password=z' }),
  ).toEqual({
    users: [{ secret: '******', name: 'a' }],
    token: '******',
    note: 'password=******',
  });
});
