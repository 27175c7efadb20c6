import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { RedfishDriverInfo } from './driver-info.js';
import { IdracRedfishVendor } from './idrac-redfish.vendor.js';
import { NodeBmcs } from './bmc/node-bmcs.js';
import { RedfishExtendedVendor } from './redfish-extended.vendor.js';
import { RedfishVendor } from './redfish.vendor.js';

@HardwareType({
  name: 'idrac',
  description: 'Dell servers with an iDRAC',
  driverInfo: RedfishDriverInfo,
  // Last, so that it is the default only where the operator configures that.
  interfaces: { vendor: [IdracRedfishVendor, RedfishVendor, NoVendor, RedfishExtendedVendor] },
})
export class IdracHardware {
  constructor(private readonly pool: NodeBmcs) {}

  validate(node: TaskNode): void {
    this.pool.target(node);
  }
}
