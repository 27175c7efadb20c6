import { type TaskNode } from '@ferrule/driver-kit';
import { ipmiTarget } from './ipmi-target.js';

const UUID = 'a7f00fdd-cb87-49cf-94dc-c22fcdb91779';
const target = (driverInfo: TaskNode['driverInfo']) => ipmiTarget({ uuid: UUID, driverInfo });

it('has the defaults of Ironic', () => {
  expect(target({ ipmi_address: '192.0.2.1' })).toEqual({
    host: '192.0.2.1',
    port: 623,
    protocol: 'lanplus',
    username: '',
    password: '',
    privilege: 'ADMINISTRATOR',
    kgKey: undefined,
    cipherSuite: undefined,
    bridge: [],
  });
});

it('reads what the command line client made numbers of', () => {
  const info = {
    ipmi_address: 'bmc-1.example',
    ipmi_port: 9001,
    ipmi_username: 7,
    ipmi_password: 1234,
    ipmi_protocol_version: 1.5,
    ipmi_priv_level: 'OPERATOR',
  };
  expect(target(info)).toMatchObject({
    host: 'bmc-1.example',
    port: 9001,
    username: '7',
    password: '1234',
    protocol: 'lan',
    privilege: 'OPERATOR',
  });
});

it.each([
  [{ ipmi_address: '[2001:db8::1]' }, { host: '2001:db8::1' }],
  [
    { ipmi_protocol_version: '2.0', ipmi_cipher_suite: '3' },
    { protocol: 'lanplus', cipherSuite: 3 },
  ],
  [{ ipmi_hex_kg_key: '0102aB0000' }, { kgKey: '0102aB' }],
  [{ ipmi_hex_kg_key: '0000' }, { kgKey: undefined }],
  [
    {
      ipmi_bridging: 'single',
      ipmi_target_channel: '0',
      ipmi_target_address: '0x82',
      ipmi_local_address: 32,
    },
    { bridge: ['-m', '32', '-b', '0', '-t', '0x82'] },
  ],
  [
    {
      ipmi_bridging: 'dual',
      ipmi_target_channel: '7',
      ipmi_target_address: '0x72',
      ipmi_transit_channel: 0,
      ipmi_transit_address: '0x82',
    },
    { bridge: ['-b', '7', '-t', '0x72', '-B', '0', '-T', '0x82'] },
  ],
])('reads %j', (info, expected) => {
  expect(target({ ipmi_address: '192.0.2.1', ...info })).toMatchObject(expected);
});

it.each([
  [{ ipmi_address: '' }, "Missing the following IPMI credentials in node's driver_info: ['ipmi_address']."],
  [
    { ipmi_address: '-o' },
    `Invalid IPMI address "-o" for node ${UUID}. Must be a valid IP address or hostname.`,
  ],
  [{ ipmi_address: 'a b' }, `Invalid IPMI address "a b" for node ${UUID}.`],
  [{ ipmi_port: 0 }, 'ipmi_port "0" is not a valid port.'],
  [{ ipmi_port: '65536' }, 'ipmi_port "65536" is not a valid port.'],
  [{ ipmi_port: '-p' }, 'ipmi_port "-p" is not a valid port.'],
  [{ ipmi_username: 'x'.repeat(17) }, 'The value of ipmi_username has more than 16 bytes.'],
  [{ ipmi_password: '123456789012345678901' }, 'The value of ipmi_password has more than 20 bytes.'],
  [
    { ipmi_password: '12345678901234567', ipmi_protocol_version: '1.5' },
    'The value of ipmi_password has more than 16 bytes.',
  ],
  [{ ipmi_password: 'a\0b' }, 'The value of ipmi_password contains a NUL character.'],
  [
    { ipmi_priv_level: 'ROOT' },
    'Invalid privilege level value:ROOT, the valid value can be one of ADMINISTRATOR, CALLBACK, OPERATOR, USER',
  ],
  [{ ipmi_hex_kg_key: '123' }, 'Number of ipmi_hex_kg_key characters is not even'],
  [{ ipmi_hex_kg_key: 'zz' }, 'The value of ipmi_hex_kg_key is not hexadecimal'],
  [{ ipmi_hex_kg_key: '1000ff' }, 'The value of ipmi_hex_kg_key has a zero byte'],
  [{ ipmi_hex_kg_key: '01'.repeat(21) }, 'The value of ipmi_hex_kg_key has more than 20 bytes'],
  [
    { ipmi_bridging: 'triple' },
    "Invalid value for ipmi_bridging: triple, the valid value can be one of: ['single', 'dual', 'no']",
  ],
  [{ ipmi_bridging: 'single', ipmi_target_address: '0x82' }, "['ipmi_target_channel'] not provided"],
  [
    { ipmi_bridging: 'dual', ipmi_target_channel: 1, ipmi_target_address: 1 },
    "['ipmi_transit_channel', 'ipmi_transit_address'] not provided",
  ],
  [
    { ipmi_bridging: 'single', ipmi_target_channel: '-f/etc/shadow', ipmi_target_address: 1 },
    'Invalid value "-f/etc/shadow" set in driver_info/ipmi_target_channel',
  ],
  [
    { ipmi_protocol_version: '3' },
    'Invalid IPMI protocol version value 3, the valid value can be one of 2.0, 1.5',
  ],
  [{ ipmi_cipher_suite: '17a' }, 'Invalid cipher suite 17a, expected a number'],
  [{ ipmi_cipher_suite: 3, ipmi_protocol_version: '1.5' }, 'Cipher suites cannot be used with IPMI 1.5'],
])('refuses %j', (info, words) => {
  let thrown: unknown;
  try {
    target({ ipmi_address: '192.0.2.1', ...info });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ status: 400, message: expect.stringContaining(words) });
});
