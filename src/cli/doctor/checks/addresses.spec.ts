import { bmcAddresses, withIp } from './addresses.js';

describe('bmcAddresses', () => {
  it.each([
    [{ redfish_address: 'https://bmc.example/redfish/v1' }, 'bmc.example', 443, true],
    [{ redfish_address: 'http://root:hunter2@10.0.0.1:8000/' }, '10.0.0.1', 8000, false],
    [{ redfish_address: 'bmc.example' }, 'bmc.example', 443, true],
    [{ redfish_address: 'bmc.example:8443' }, 'bmc.example', 8443, true],
    [{ redfish_address: 'fe80::1' }, 'fe80::1', 443, true],
    [{ redfish_address: '[fe80::1]:8443' }, 'fe80::1', 8443, true],
    [{ drac_address: '10.0.0.2', drac_port: 4433 }, '10.0.0.2', 4433, true],
    [{ host: 'bmc.example', port: '444' }, 'bmc.example', 444, true],
  ])('finds %j', (driverInfo, host, port, isTls) => {
    const [[key, text] = []] = Object.entries(driverInfo);
    expect(bmcAddresses(driverInfo)).toEqual([{ key, text, host, port, isTls }]);
  });

  it('finds nothing in what is no address', () => {
    expect(
      bmcAddresses({
        redfish_username: 'host',
        redfish_address: 7,
        mail_address: 'not an address',
        other_url: 'ftp://files.example/',
        far_address: 'bmc.example',
        far_port: 99_999,
        address_book: 'bmc.example',
      }),
    ).toEqual([]);
  });
});

describe('withIp', () => {
  it.each([
    ['https://bmc.example/redfish/v1', '10.0.0.1', 'https://10.0.0.1/redfish/v1'],
    ['http://root@BMC.example:8000', 'fd00::1', 'http://root@[fd00::1]:8000/'],
    ['bmc.example', 'fd00::1', 'fd00::1'],
    ['bmc.example:8443', '10.0.0.1', '10.0.0.1:8443'],
    ['bmc.example:8443', 'fd00::1', '[fd00::1]:8443'],
  ])('puts an address in %s', (text, ip, expected) => {
    const [address] = bmcAddresses({ address: text });
    if (address === undefined) throw new TypeError('It is no address.');
    expect(withIp(address, ip)).toBe(expected);
  });
});
