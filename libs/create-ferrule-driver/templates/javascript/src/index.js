import { DriverModule, HardwareType, NoVendor } from '@ferrule/driver-kit';
import { AcmeXrClient } from './acme-xr.client.js';
import { AcmeXrInfo } from './acme-xr.info.js';
import { AcmeXrSettings } from './acme-xr.settings.js';
import { AcmeXrVendor } from './acme-xr.vendor.js';
import { decorate } from './decorate.js';

/** What a node's `driver` names. The first vendor interface is the default. */
export class AcmeXr {}

decorate(AcmeXr, {
  as: HardwareType({
    name: 'acme-xr',
    description: 'Servers of type acme-xr',
    driverInfo: AcmeXrInfo,
    interfaces: { vendor: [AcmeXrVendor, NoVendor] },
  }),
});

export default class AcmeXrDriver {}

decorate(AcmeXrDriver, {
  as: DriverModule({ kit: 1, providers: [AcmeXrClient], hardwareTypes: [AcmeXr], settings: AcmeXrSettings }),
});
