import { InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { withMisspeltKeys } from './misspelt-keys.js';

const KNOWN = ['acme_address', 'acme_username', 'acme_password'];
const MISSING = new MissingParameterValue("Missing the following: ['acme_address'].");

describe('an error about missing keys of driver_info', () => {
  it('names the keys that may be meant, and no value', () => {
    const given = { acme_adress: 'planted', acme_usernam: 'planted', acme_password: 'planted' };
    expect(withMisspeltKeys(MISSING, KNOWN, given)).toMatchObject({
      code: 'MissingParameterValue',
      status: 400,
      message:
        "Missing the following: ['acme_address']. Unknown keys of driver_info: " +
        'acme_adress (did you mean acme_address?), acme_usernam (did you mean acme_username?).',
    });
  });

  it.each([
    ['a key of another driver', { ipmi_port: 1, deploy_kernel: 'x' }],
    ['a key like one that is set', { acme_address: 'set', acme_adress: 'x' }],
    ['a very long key', { ['acme_address'.repeat(1_000)]: 'x' }],
  ])('stays as it is with %s', (_, driverInfo) => {
    expect(withMisspeltKeys(MISSING, KNOWN, driverInfo)).toBe(MISSING);
  });

  it('is the only one that is changed', () => {
    const wrong = new InvalidParameterValue('Invalid.');
    expect(withMisspeltKeys(wrong, KNOWN, { acme_adress: 'x' })).toBe(wrong);
  });
});
