import { DriverModule } from '@ferrule/driver-kit';
import { IpmiBmcs } from './client/ipmi-bmcs.js';
import { Ipmitool } from './client/ipmitool.js';
import { IpmiHardware } from './ipmi.hardware.js';
import { IpmiSettings } from './ipmi.settings.js';

export { type IpmiBootDevice } from './boot-flags.js';
export { IpmiBmcs } from './client/ipmi-bmcs.js';
export { type IpmiCommand } from './client/ipmitool-call.js';
export { Ipmitool } from './client/ipmitool.js';
export { IpmiDriverInfo } from './driver-info.js';
export { IpmiHardware } from './ipmi.hardware.js';
export { IpmiSettings } from './ipmi.settings.js';
export { IpmitoolManagement } from './ipmitool.management.js';
export { IpmitoolPower } from './ipmitool.power.js';
export { IpmitoolVendor } from './ipmitool.vendor.js';

/** `ipmi`, for BMCs without Redfish. */
@DriverModule({
  kit: 1,
  settings: IpmiSettings,
  providers: [Ipmitool, IpmiBmcs],
  hardwareTypes: [IpmiHardware],
  handlesAllErrors: true,
})
export default class IpmiDriver {}
