import { DriverName } from './driver-name.js';

describe('DriverName', () => {
  it('replaces the name of the templates in every spelling', () => {
    const text = 'acme-xr acme_xr_address FERRULE_ACME_XR_URL AcmeXrVendor acmeXrInfo';
    expect(DriverName.parse('rack-9000').replaceIn(text)).toBe(
      'rack-9000 rack_9000_address FERRULE_RACK_9000_URL Rack9000Vendor rack9000Info',
    );
  });

  it('gives the package its name', () => {
    expect(DriverName.parse('rack').package).toBe('ferrule-driver-rack');
  });

  it.each(['', 'Rack', '9000', 'a--b', 'a-', 'a_b', 'a/../b', 'a b', 'é', 'a'.repeat(61)])(
    'refuses %j',
    (name) => {
      expect(() => DriverName.parse(name)).toThrow(
        `'${name}' cannot be the name of a hardware type: use lower-case letters, digits and single dashes, ` +
          'a letter first, at most 60 characters, for example acme-xr.',
      );
    },
  );

  it('refuses a hardware type of Ferrule itself', () => {
    expect(() => DriverName.parse('redfish')).toThrow(
      "'redfish' is taken by Ferrule itself: choose another name.",
    );
  });
});
