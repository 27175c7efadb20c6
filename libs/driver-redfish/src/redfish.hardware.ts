import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { RedfishDriverInfo } from './driver-info.js';
import { RedfishPool } from './bmc/redfish-pool.js';
import { RedfishVendor } from './redfish.vendor.js';

@HardwareType({
  name: 'redfish',
  description: 'Servers whose BMC speaks DMTF Redfish',
  driverInfo: RedfishDriverInfo,
  interfaces: { vendor: [RedfishVendor, NoVendor] },
})
export class RedfishHardware {
  constructor(private readonly pool: RedfishPool) {}

  validate(node: TaskNode): void {
    this.pool.target(node);
  }
}
