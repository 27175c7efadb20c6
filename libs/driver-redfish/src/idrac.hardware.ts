import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { RedfishDriverInfo } from './driver-info.js';
import { IdracRedfishVendor } from './idrac-redfish.vendor.js';
import { INTERFACE_NAMES } from './interface-names.js';
import { IdracRedfishManagement, RedfishManagement } from './redfish.management.js';
import { IdracRedfishPower, RedfishPower } from './redfish.power.js';
import { NodeBmcs } from './bmc/node-bmcs.js';
import { RedfishExtendedVendor } from './redfish-extended.vendor.js';
import { RedfishVendor } from './redfish.vendor.js';

@HardwareType({
  name: 'idrac',
  description: 'Dell servers with an iDRAC',
  driverInfo: RedfishDriverInfo,
  interfaces: {
    ...INTERFACE_NAMES,
    boot: [...INTERFACE_NAMES.boot, 'idrac-redfish-virtual-media'],
    // The extended one is last, so that it is the default only where the operator configures that.
    vendor: [IdracRedfishVendor, RedfishVendor, NoVendor, RedfishExtendedVendor],
    power: [IdracRedfishPower, RedfishPower, 'noop'],
    management: [IdracRedfishManagement, RedfishManagement, 'noop'],
    bios: ['no-bios', 'idrac-redfish', 'redfish'],
    firmware: ['no-firmware', 'redfish'],
    inspect: ['no-inspect', 'idrac-redfish', 'redfish', 'agent'],
    raid: ['no-raid', 'idrac-redfish', 'redfish', 'agent'],
  },
})
export class IdracHardware {
  constructor(private readonly pool: NodeBmcs) {}

  validate(node: TaskNode): void {
    this.pool.target(node);
  }
}
