import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { RedfishDriverInfo } from './driver-info.js';
import { RedfishPool } from './bmc/redfish-pool.js';
import { RedfishExtendedVendor } from './redfish-extended.vendor.js';
import { RedfishVendor } from './redfish.vendor.js';

@HardwareType({
  name: 'redfish',
  description: 'Servers whose BMC speaks DMTF Redfish',
  driverInfo: RedfishDriverInfo,
  // Last, so that it is the default only where the operator configures that.
  interfaces: { vendor: [RedfishVendor, NoVendor, RedfishExtendedVendor] },
})
export class RedfishHardware {
  constructor(private readonly pool: RedfishPool) {}

  validate(node: TaskNode): void {
    this.pool.target(node);
  }
}
