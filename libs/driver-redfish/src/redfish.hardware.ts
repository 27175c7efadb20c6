import { HardwareType, NoVendor, type TaskNode } from '@ferrule/driver-kit';
import { RedfishDriverInfo } from './driver-info.js';
import { INTERFACE_NAMES } from './interface-names.js';
import { RedfishManagement } from './redfish.management.js';
import { RedfishPower } from './redfish.power.js';
import { NodeBmcs } from './bmc/node-bmcs.js';
import { RedfishExtendedVendor } from './redfish-extended.vendor.js';
import { RedfishVendor } from './redfish.vendor.js';

@HardwareType({
  name: 'redfish',
  description: 'Servers whose BMC speaks DMTF Redfish',
  driverInfo: RedfishDriverInfo,
  interfaces: {
    ...INTERFACE_NAMES,
    // The extended one is last, so that it is the default only where the operator configures that.
    vendor: [RedfishVendor, NoVendor, RedfishExtendedVendor],
    power: [RedfishPower, 'noop'],
    management: [RedfishManagement, 'noop'],
    bios: ['no-bios', 'redfish'],
    firmware: ['no-firmware', 'redfish'],
    inspect: ['no-inspect', 'redfish', 'agent'],
    raid: ['no-raid', 'redfish', 'agent'],
  },
})
export class RedfishHardware {
  constructor(private readonly pool: NodeBmcs) {}

  validate(node: TaskNode): void {
    this.pool.target(node);
  }
}
