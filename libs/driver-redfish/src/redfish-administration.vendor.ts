import {
  type ExclusiveTask,
  type JsonObject,
  Passthru,
  type RehearsalTask,
  type SharedTask,
} from '@ferrule/driver-kit';
import { SetPasswordArgs } from './accounts/set-password.args.js';
import { setPassword } from './accounts/set-password.js';
import { GenerateCsrArgs, ReplaceCertificateArgs } from './certificates/certificates.args.js';
import { generateCsr, getCertificates, replaceCertificate } from './certificates/certificates.js';
import { BmcAttributesGetArgs, BmcAttributesSetArgs } from './manager/bmc-attributes.args.js';
import { bmcAttributesGet, bmcAttributesSet } from './manager/bmc-attributes.js';
import { RedfishMaintenance } from './redfish-maintenance.vendor.js';
import { READ_WITH_ARGUMENTS, SLOW } from './redfish.vendor.js';

/** Methods of `redfish-extended` for the settings of a BMC: its accounts, certificates and attributes. */
export abstract class RedfishAdministration extends RedfishMaintenance {
  @Passthru({
    rehearsal: true,
    http: ['POST'],
    args: SetPasswordArgs,
    description:
      'Set the password of an account at the BMC, also if the BMC demands a new one first. driver_info is not changed. ' +
      "Required argument: 'password'. Optional argument: 'username' (the node's own account by default)",
  })
  async setPassword(task: ExclusiveTask | RehearsalTask, wanted: SetPasswordArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => setPassword(call, wanted));
  }

  @Passthru({
    http: READ_WITH_ARGUMENTS,
    async: false,
    lock: 'shared',
    effect: 'read',
    args: BmcAttributesGetArgs,
    timeout: SLOW,
    description:
      "Returns a group of the BMC's attributes that are its vendor's own, and those that are pending. " +
      "Optional argument: 'group' (the first one by default)",
  })
  async bmcAttributesGet(task: SharedTask, wanted: BmcAttributesGetArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => bmcAttributesGet(call, wanted));
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    args: BmcAttributesSetArgs,
    description:
      "Set attributes of the BMC that are its vendor's own. Required argument: 'attributes', an object of names and " +
      "values. Optional arguments: 'group', 'apply_time'",
  })
  async bmcAttributesSet(
    task: ExclusiveTask | RehearsalTask,
    wanted: BmcAttributesSetArgs,
  ): Promise<JsonObject> {
    return this.pool.use(task, (call) => bmcAttributesSet(call, wanted));
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    timeout: SLOW,
    description: 'Returns the certificates of the BMC.',
  })
  async getCertificates(task: SharedTask): Promise<JsonObject> {
    return this.pool.use(task, getCertificates);
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    args: GenerateCsrArgs,
    description:
      'Let the BMC make a key and a request for a certificate. ' +
      "Required arguments: 'common_name', 'organization', 'organizational_unit', 'city', 'state', 'country'. " +
      "Optional arguments: 'alternative_names', 'key_algorithm', 'key_bit_length', 'key_curve', 'collection'",
  })
  async generateCsr(task: ExclusiveTask | RehearsalTask, wanted: GenerateCsrArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => generateCsr(call, wanted));
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    effect: 'disruptive',
    args: ReplaceCertificateArgs,
    description:
      "Replace a certificate of the BMC. Required argument: 'certificate' in PEM. " +
      "Optional argument: 'path' (that of the web server by default)",
  })
  async replaceCertificate(
    task: ExclusiveTask | RehearsalTask,
    wanted: ReplaceCertificateArgs,
  ): Promise<JsonObject> {
    return this.pool.use(task, (call) => replaceCertificate(call, wanted));
  }
}
