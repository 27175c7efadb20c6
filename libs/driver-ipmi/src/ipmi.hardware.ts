import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { IpmiBmcs } from './client/ipmi-bmcs.js';
import { IpmiDriverInfo } from './driver-info.js';
import { IpmitoolManagement } from './ipmitool.management.js';
import { IpmitoolPower } from './ipmitool.power.js';
import { IpmitoolVendor } from './ipmitool.vendor.js';

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
  constructor(private readonly bmcs: IpmiBmcs) {}

  validate(node: TaskNode): void {
    this.bmcs.check(node);
  }
}
