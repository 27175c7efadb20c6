import { resolve } from 'node:path';
import IpmiDriver from '@ferrule/driver-ipmi';
import { describeDriver } from '@ferrule/driver-testing';
import { IpmiSim } from '../../support/ipmi-sim.js';
import { describeWithProgram } from '../../support/require.js';

describeWithProgram('ipmitool', 'ipmi_sim')('the driver ipmi', () => {
  let sim: IpmiSim;
  beforeAll(async () => {
    sim = await IpmiSim.start();
  });
  afterAll(() => sim?.stop());

  describeDriver(IpmiDriver, {
    packageFolder: resolve(import.meta.dirname, '../../../libs/driver-ipmi'),
    runs: 2,
    driverInfo: () => ({ ...sim.driverInfo }),
    unreachable: { ipmi_address: '127.0.0.1', ipmi_port: 1 },
    settings: {
      FERRULE_IPMI_MIN_COMMAND_INTERVAL: '0',
      FERRULE_IPMI_CIPHER_SUITES: '3',
    },
    checked: {
      'by-hand-effects': 'the descriptions are those of Ironic, and its page says more',
      'by-hand-waits': 'client.spec.ts: an ipmitool that hangs',
      'by-hand-sessions': 'each ipmitool has a session of its own, and closes it',
      'by-hand-repeat': 'the page of the driver says what OutcomeUnknown means',
      'by-hand-messages': 'client.spec.ts and service.spec.ts',
      'by-hand-names': 'the methods, arguments and keys of driver_info are those of Ironic',
      'by-hand-hardware': 'ipmi_sim of OpenIPMI',
      'by-hand-quirks': 'there are none yet',
      'by-hand-upgrade': 'it keeps nothing in nodes and jobs',
    },
    examples: {
      send_raw: { args: { raw_bytes: '0x06 0x01' }, fixed: { raw_bytes: 'a command of IPMI' } },
      bmc_reset: { args: { warm: false }, fixed: { warm: 'ipmi_sim has no warm reset' } },
    },
  });
});
