import { DriverModule } from '@ferrule/driver-kit';
import { IdracHardware } from './idrac.hardware.js';
import { redfishConfig } from './redfish-config.js';
import { RedfishPool } from './bmc/redfish-pool.js';
import { RedfishHardware } from './redfish.hardware.js';

export { IdracHardware } from './idrac.hardware.js';
export { IdracRedfishVendor } from './idrac-redfish.vendor.js';
export { RedfishHardware } from './redfish.hardware.js';
export { RedfishPool } from './bmc/redfish-pool.js';
export { RedfishVendor } from './redfish.vendor.js';

/** Hardware types redfish and idrac; both share one pool of clients. */
@DriverModule({
  kit: 1,
  providers: [{ provide: RedfishPool, useFactory: () => new RedfishPool(redfishConfig(process.env)) }],
  hardwareTypes: [RedfishHardware, IdracHardware],
})
export default class RedfishDriver {}
