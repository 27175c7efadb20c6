import { DriverModule } from '@ferrule/driver-kit';
import { IdracHardware } from './idrac.hardware.js';
import { RedfishHardware } from './redfish.hardware.js';
import { RedfishModule } from './redfish.module.js';

export { IdracHardware } from './idrac.hardware.js';
export { IdracRedfishVendor } from './idrac-redfish.vendor.js';
export { RedfishExtendedVendor } from './redfish-extended.vendor.js';
export { RedfishHardware } from './redfish.hardware.js';
export { type BmcCall } from './bmc/bmc-call.js';
export { NodeBmcs } from './bmc/node-bmcs.js';
export { RedfishDriverInfo } from './driver-info.js';
export { IdracRedfishManagement, RedfishManagement } from './redfish.management.js';
export { RedfishModule } from './redfish.module.js';
export { IdracRedfishPower, RedfishPower } from './redfish.power.js';
export { RedfishSettings } from './redfish.settings.js';
export { RedfishVendor } from './redfish.vendor.js';

/** `redfish` and `idrac`, which share one pool of clients. */
@DriverModule({
  kit: 1,
  imports: [RedfishModule],
  hardwareTypes: [RedfishHardware, IdracHardware],
  handlesAllErrors: true,
})
export default class RedfishDriver {}
