import { type ExclusiveTask, type JsonObject, Passthru } from '@ferrule/driver-kit';
import { BmcResetArgs } from './manager/bmc-reset.args.js';
import { bmcReset } from './manager/bmc-reset.js';
import { RedfishVendor } from './redfish.vendor.js';

/** Methods of `redfish-extended` about the BMC itself. */
export abstract class RedfishMaintenance extends RedfishVendor {
  @Passthru({
    http: ['POST'],
    args: BmcResetArgs,
    description:
      "Reset the BMC, and wait until it answers again. Optional argument: 'warm' (true): false forces the restart",
  })
  async bmcReset(task: ExclusiveTask, wanted: BmcResetArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => bmcReset(call, wanted));
  }
}
