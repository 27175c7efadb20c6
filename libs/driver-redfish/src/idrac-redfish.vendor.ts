import { VendorInterface } from '@ferrule/driver-kit';
import { RedfishVendor } from './redfish.vendor.js';

/** The same methods under the name that Ironic's idrac nodes carry. */
@VendorInterface({ name: 'idrac-redfish' })
export class IdracRedfishVendor extends RedfishVendor {}
