import { VendorInterface } from '@ferrule/driver-kit';
import { RedfishVendor } from './redfish.vendor.js';

/** The methods of `redfish` under the name that Ironic's idrac nodes have. */
@VendorInterface({ name: 'idrac-redfish' })
export class IdracRedfishVendor extends RedfishVendor {}
