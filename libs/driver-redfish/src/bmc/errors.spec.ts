import { RedfishAccessError, RedfishAmbiguousSystemError, RedfishConnectionError } from '@ferrule/redfish';
import { asKitError } from './errors.js';

const UUID = '1be26c0b-03f2-4d2e-ae87-c02d7f33c123';

describe('an error of the client', () => {
  it.each([
    [new RedfishAccessError('Refused.', { option: 'auth' }), 'redfish_auth_type'],
    [new RedfishConnectionError('tls', true, 'No.', { option: 'ca' }), 'redfish_verify_ca'],
    [new RedfishAmbiguousSystemError([{ path: '/a' }], 'Two.', { option: 'systemId' }), 'redfish_system_id'],
  ])('names the key of driver_info that decides it: %s', (error, key) => {
    expect(String(asKitError(error, UUID))).toContain(`The setting ${key} in driver_info`);
  });

  it('names no key where none decides it', () => {
    expect(String(asKitError(new RedfishAccessError('Refused.'), UUID))).toMatch(/Error: Refused\.$/);
  });
});
