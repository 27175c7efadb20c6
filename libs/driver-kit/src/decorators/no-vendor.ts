import { VendorInterface } from './vendor-interface.js';

/** The vendor interface without methods. */
@VendorInterface({ name: 'no-vendor' })
export class NoVendor {}
