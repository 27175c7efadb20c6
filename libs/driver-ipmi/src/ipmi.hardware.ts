import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { IpmiBmcs } from './client/ipmi-bmcs.js';
import { IpmiDriverInfo } from './driver-info.js';
import { IpmitoolVendor } from './ipmitool.vendor.js';

@HardwareType({
  name: 'ipmi',
  description: 'Servers whose BMC speaks IPMI over LAN, by the program ipmitool',
  driverInfo: IpmiDriverInfo,
  interfaces: { vendor: [IpmitoolVendor, NoVendor] },
})
export class IpmiHardware {
  constructor(private readonly bmcs: IpmiBmcs) {}

  validate(node: TaskNode): void {
    this.bmcs.check(node);
  }
}
