import {
  parseNetworks,
  RedfishAccessError,
  RedfishAmbiguousSystemError,
  RedfishCircuitOpenError,
  RedfishConnectionError,
  RedfishRefusedAddressError,
} from '@ferrule/redfish';
import { asKitError } from './errors.js';

const UUID = '1be26c0b-03f2-4d2e-ae87-c02d7f33c123';

describe('an error of the client', () => {
  it.each([
    [new RedfishConnectionError('tls', true, 'No.', { option: 'ca' }), 'redfish_verify_ca'],
    [new RedfishAmbiguousSystemError([{ path: '/a' }], 'Two.', { option: 'systemId' }), 'redfish_system_id'],
  ])('names the key of driver_info that decides it: %s', (error, key) => {
    expect(String(asKitError(error, UUID))).toContain(`The setting ${key} in driver_info`);
  });

  it('names the credentials before the way to log in', () => {
    const refused = new RedfishAccessError('Refused.', { status: 401, option: 'auth' });
    for (const error of [refused, new RedfishCircuitOpenError('Held back.')]) {
      expect(String(asKitError(error, UUID, { hasCredential: true }))).toMatch(
        /\. Check redfish_username and redfish_password in driver_info\. .*redfish_auth_type/,
      );
    }
  });

  it('says that no user name is set', () => {
    const refused = new RedfishAccessError('Refused.', { status: 401 });
    const text = String(asKitError(refused, UUID, { hasCredential: false }));
    expect(text).toMatch(/Refused\. The driver_info has no redfish_username, so no credentials were sent\.$/);
  });

  it('says which setting allows an address', () => {
    const refused = new RedfishRefusedAddressError('bmc.test is refused.');
    expect(String(asKitError(refused, UUID))).toMatch(/by default; FERRULE_BMC_NETWORKS can allow them\.$/);
    const networks = parseNetworks('10.0.0.0/8');
    expect(String(asKitError(refused, UUID, { networks }))).toMatch(
      /FERRULE_BMC_NETWORKS does not allow it\.$/,
    );
  });

  it('names no key where none decides it', () => {
    expect(String(asKitError(new RedfishAccessError('Refused.'), UUID))).toMatch(/Error: Refused\.$/);
  });
});
