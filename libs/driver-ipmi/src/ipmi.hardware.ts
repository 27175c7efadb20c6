import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { IpmiBmcs } from './client/ipmi-bmcs.js';
import { Ipmitool } from './client/ipmitool.js';
import { IpmiDriverInfo } from './driver-info.js';
import { IpmitoolManagement } from './ipmitool.management.js';
import { IpmitoolPower } from './ipmitool.power.js';
import { IpmitoolVendor } from './ipmitool.vendor.js';
import { rawAnswerOf } from './raw/raw-answer.js';
import { hex } from './raw/raw-bytes.js';

const GET_DEVICE_ID = [0x06, 0x01];

@HardwareType({
  name: 'ipmi',
  description: 'Servers whose BMC speaks IPMI over LAN, by the program ipmitool',
  driverInfo: IpmiDriverInfo,
  // Names without a class are those that nodes have in Ironic; the first of each is the default.
  interfaces: {
    vendor: [IpmitoolVendor, NoVendor],
    bios: ['no-bios'],
    boot: ['ipxe', 'pxe', 'http-ipxe', 'http'],
    console: ['ipmitool-socat', 'no-console'],
    deploy: ['direct', 'autodetect', 'ansible', 'ramdisk', 'anaconda', 'bootc', 'custom-agent'],
    firmware: ['no-firmware'],
    inspect: ['no-inspect', 'agent'],
    management: [IpmitoolManagement, 'noop'],
    network: ['noop', 'flat', 'neutron', 'ironic-networking'],
    power: [IpmitoolPower],
    raid: ['no-raid', 'agent'],
    rescue: ['no-rescue', 'agent'],
    storage: ['noop', 'cinder', 'external'],
  },
})
export class IpmiHardware {
  constructor(
    private readonly bmcs: IpmiBmcs,
    private readonly ipmitool: Ipmitool,
  ) {}

  validate(node: TaskNode): void {
    this.bmcs.check(node);
  }

  async probe(node: TaskNode, signal: AbortSignal): Promise<string> {
    const words = ['raw', ...GET_DEVICE_ID.map(hex)];
    const answer = await this.bmcs.run(
      { node, signal },
      { words, operation: 'get device id', isReading: true },
    );
    const [, , major = 0, minor = 0] = rawAnswerOf(answer).bytes;
    // The highest bit is set while the firmware is updated; the minor part is in BCD.
    const firmware = `${major & 0x7f}.${minor.toString(16).padStart(2, '0')}`;
    return `The BMC answers ipmitool ${(await this.ipmitool.version()) ?? ''}; its firmware is ${firmware}.`;
  }
}
