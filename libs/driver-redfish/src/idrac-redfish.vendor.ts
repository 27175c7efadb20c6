import { VendorInterface } from '@ferrule/driver-kit';
import { RedfishVendor } from './redfish.vendor.js';

@VendorInterface({ name: 'idrac-redfish' })
export class IdracRedfishVendor extends RedfishVendor {}
