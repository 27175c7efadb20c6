import { type JsonObject } from '@ferrule/driver-kit';
import { failureOf } from '../test/bench.js';
import { bench, bmc, start } from '../test/started.js';

const CSR = {
  common_name: 'bmc.example',
  organization: 'Example',
  organizational_unit: 'Lab',
  city: 'Berlin',
  state: 'Berlin',
  country: 'DE',
};
const IMAGE = { image: 'https://192.0.2.1/bmc.bin' };

describe('a part of the BMC that is linked and answers 404', () => {
  it.each<[string, JsonObject, string, string]>([
    ['firmware_inventory', {}, '/redfish/v1/UpdateService', 'has no update service'],
    ['firmware_inventory', {}, '/redfish/v1/UpdateService/FirmwareInventory', 'has no firmware inventory'],
    ['update_firmware', IMAGE, '/redfish/v1/UpdateService', 'has no update service'],
    ['bios_get', {}, '/redfish/v1/Systems/1/Bios', 'has no BIOS settings'],
    ['bios_set', { attributes: { NumLock: true } }, '/redfish/v1/Systems/1/Bios', 'has no BIOS settings'],
    ['get_certificates', {}, '/redfish/v1/CertificateService', 'has no CertificateService'],
    ['generate_csr', CSR, '/redfish/v1/CertificateService', 'has no CertificateService'],
    ['set_password', { password: 'a-new-password' }, '/redfish/v1/AccountService', 'has no account service'],
  ])('is not supported: %s %j without %s', async (method, args, path, words) => {
    await start();
    bmc.remove(path);
    expect(await failureOf(bench.call(method, args))).toMatchObject({
      status: 400,
      code: 'UnsupportedDriverExtension',
      message: expect.stringContaining(words),
    });
  });
});

it('set_password is not supported where no AccountService is linked', async () => {
  await start();
  bmc.change('/redfish/v1', { AccountService: { '@odata.id': '' } });
  expect(await failureOf(bench.call('set_password', { password: 'a-new-password' }))).toMatchObject({
    status: 400,
    code: 'UnsupportedDriverExtension',
  });
});

it.each<[string, JsonObject]>([
  ['indicator_led', { state: 'blinking' }],
  ['bios_set', { attributes: { NumLock: true } }],
])('%s is not supported where the BMC answers 405', async (method, args) => {
  await start({ misbehave: { patchNotAllowed: true } });
  expect(await failureOf(bench.call(method, args))).toMatchObject({
    status: 400,
    code: 'UnsupportedDriverExtension',
    message: expect.stringContaining('answered 405'),
  });
});
