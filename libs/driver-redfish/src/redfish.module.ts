import { SharedModule } from '@ferrule/driver-kit';
import { NodeBmcs } from './bmc/node-bmcs.js';
import { RedfishSettings } from './redfish.settings.js';

/**
 * For driver packages that extend Redfish: a module that imports it may inject `NodeBmcs`, the pool of clients that all
 * drivers of the process share, with the networks, limits and errors of this driver, and `RedfishSettings`.
 */
@SharedModule({ package: '@ferrule/driver-redfish', settings: RedfishSettings, providers: [NodeBmcs] })
export class RedfishModule {}
