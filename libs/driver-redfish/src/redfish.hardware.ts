import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { RedfishDriverInfo } from './driver-info.js';
import { NodeBmcs } from './bmc/node-bmcs.js';
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
  constructor(private readonly pool: NodeBmcs) {}

  validate(node: TaskNode): void {
    this.pool.target(node);
  }
}
