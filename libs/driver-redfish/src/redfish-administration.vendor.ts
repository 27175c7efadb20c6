import { type ExclusiveTask, type JsonObject, Passthru } from '@ferrule/driver-kit';
import { SetPasswordArgs } from './accounts/set-password.args.js';
import { setPassword } from './accounts/set-password.js';
import { RedfishMaintenance } from './redfish-maintenance.vendor.js';

/** Methods of `redfish-extended` for the settings of a BMC: its accounts, certificates and attributes. */
export abstract class RedfishAdministration extends RedfishMaintenance {
  @Passthru({
    http: ['POST'],
    args: SetPasswordArgs,
    description:
      'Set the password of an account at the BMC, also if the BMC demands a new one first. driver_info is not changed. ' +
      "Required argument: 'password'. Optional argument: 'username' (the node's own account by default)",
  })
  async setPassword(task: ExclusiveTask, wanted: SetPasswordArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => setPassword(call, wanted));
  }
}
