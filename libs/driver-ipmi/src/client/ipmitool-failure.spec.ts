import { failureOf } from './ipmitool-failure.js';

/** What ipmitool 1.8.19 prints with `-v`. */
const START = 'Loading IANA PEN Registry...\n';
const OPENED =
  `${START}Running Get VSO Capabilities my_addr 0x20, transit 0, target 0x20\n` +
  'Invalid completion code received: Invalid command\nDiscovered IPMB address 0x0\n';
const NO_SESSION = 'Error: Unable to establish IPMI v2 / RMCP+ session\n';

it.each([
  ['credentials', `${START}> RAKP 2 HMAC is invalid\n${NO_SESSION}`, 'RAKP 2 HMAC is invalid'],
  [
    'credentials',
    `${START}RAKP 2 message indicates an error : unauthorized name\n${NO_SESSION}`,
    'RAKP 2 message indicates an error : unauthorized name',
  ],
  [
    'cipher',
    `${START}Error in open session response message : invalid authentication algorithm\n\n${NO_SESSION}`,
    'Error in open session response message : invalid authentication algorithm',
  ],
  ['cipher', `${START}Unsupported cipher suite ID : 99\n\n${NO_SESSION}`, 'Unsupported cipher suite ID : 99'],
  [
    'cipher',
    `${START}Error in open session response message : no matching cipher suite\n${NO_SESSION}`,
    undefined,
  ],
  ['cipher', `${START}Error in open session response message : invalid role\n${NO_SESSION}`, undefined],
  [
    'silent',
    `${START}Get Auth Capabilities error\nError issuing Get Channel Authentication Capabilities request\n${NO_SESSION}`,
    undefined,
  ],
  [
    'session',
    `${START}Error in open session response message : insufficient resources for session\n${NO_SESSION}`,
    undefined,
  ],
  ['session', 'lanplus: password is longer than 20 bytes.\n', undefined],
  ['session', `${START}Given data "-H" is invalid.\n`, undefined],
  [
    'refused',
    `${OPENED}RAW REQ (channel=0x0 netfn=0x30 lun=0x0 cmd=0x1 data_len=0)\n` +
      'Unable to send RAW command (channel=0x0 netfn=0x30 lun=0x0 cmd=0x1 rsp=0xc7): Request data length invalid\n',
    'Unable to send RAW command (channel=0x0 netfn=0x30 lun=0x0 cmd=0x1 rsp=0xc7): Request data length invalid',
  ],
  [
    'refused',
    `${OPENED}Set Chassis Power Control to Up/On failed: Insufficient privilege level\n`,
    undefined,
  ],
  [
    'refused',
    `${OPENED}MC reset command failed: Invalid command\n`,
    'MC reset command failed: Invalid command',
  ],
  ['unanswered', `${OPENED}MC reset command failed.\n`, 'MC reset command failed.'],
  [
    'unanswered',
    `${OPENED}Unable to send RAW command (channel=0x0 netfn=0x30 lun=0x0 cmd=0x1)\n`,
    'Unable to send RAW command (channel=0x0 netfn=0x30 lun=0x0 cmd=0x1)',
  ],
  ['unanswered', `${OPENED}Unable to set Chassis Power Control to Up/On\n`, undefined],
  // Nothing is known of it.
  ['unanswered', 'Segmentation fault\n', 'Segmentation fault'],
])('is %s for %j', (kind, stderr, said) => {
  const failure = failureOf({ stderr });
  expect(failure.kind).toBe(kind);
  if (said !== undefined) expect(failure.said).toBe(said);
});

it('reads the completion code', () => {
  const stderr =
    'Unable to send RAW command (channel=0x0 netfn=0x6 lun=0x0 cmd=0xee rsp=0xc1): Invalid command\n';
  expect(failureOf({ stderr }).completionCode).toBe(0xc1);
  expect(failureOf({ stderr: 'MC reset command failed.\n' }).completionCode).toBeUndefined();
});
