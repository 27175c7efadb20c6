import {
  type ExclusiveTask,
  type JsonObject,
  Passthru,
  type RehearsalTask,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { BiosSetArgs } from './bios/bios.args.js';
import { biosGet, biosSet } from './bios/bios.js';
import { NodeBmcs } from './bmc/node-bmcs.js';
import { RedfishSettings } from './redfish.settings.js';
import { RedfishAdministration } from './redfish-administration.vendor.js';
import { READ_WITH_ARGUMENTS, SLOW } from './redfish.vendor.js';
import { RedfishGetArgs, RedfishRequestArgs } from './request/redfish-request.args.js';
import { redfishRequest } from './request/redfish-request.js';
import { ExtendedSubscriptionArgs } from './subscriptions/subscription.args.js';
import { InsertVmediaArgs } from './virtual-media/insert-vmedia.args.js';
import { insertVmedia } from './virtual-media/insert-vmedia.js';
import { getVmedia } from './virtual-media/medium-view.js';

/** The methods of `redfish`, and those that Ironic does not have. Reads are GETs under a shared lock. */
@VendorInterface({ name: 'redfish-extended' })
export class RedfishExtendedVendor extends RedfishAdministration {
  constructor(
    pool: NodeBmcs,
    /** Those of the package; a subclass may have `settings` of its own. */
    protected readonly redfishSettings: RedfishSettings,
  ) {
    super(pool);
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    async: false,
    args: ExtendedSubscriptionArgs,
    timeout: SLOW,
    description:
      'Creates a subscription on a node. ' +
      "Required argument: a dictionary of {'Destination': 'destination_url'}. Optional arguments beside those of " +
      "'redfish': 'RegistryPrefixes', 'ResourceTypes', 'MessageIds', 'DeliveryRetryPolicy', 'VerifyCertificate'",
  })
  override async createSubscription(
    task: ExclusiveTask | RehearsalTask,
    wanted: ExtendedSubscriptionArgs,
  ): Promise<JsonObject> {
    const { Destination, Protocol, Context, EventTypes, HttpHeaders } = wanted;
    const { RegistryPrefixes, ResourceTypes, MessageIds, DeliveryRetryPolicy, VerifyCertificate } = wanted;
    return this.subscribe(task, {
      Destination,
      Protocol,
      Context,
      EventTypes,
      RegistryPrefixes,
      ResourceTypes,
      MessageIds,
      DeliveryRetryPolicy,
      VerifyCertificate,
      HttpHeaders,
    });
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    async: false,
    // What the operator allows may do anything.
    effect: 'destructive',
    args: RedfishRequestArgs,
    timeout: SLOW,
    description:
      'Send one Redfish request to the BMC of the node, as far as the operator allows it, and return its answer. ' +
      "Required argument: 'path' below the service root. Optional arguments: 'verb' (GET by default), 'body', " +
      "'wait' (false returns the task of a 202 instead of following it)",
  })
  async redfishRequest(
    task: ExclusiveTask | RehearsalTask,
    request: RedfishRequestArgs,
  ): Promise<JsonObject> {
    return this.pool.use(task, (call) => redfishRequest(call, request, this.redfishSettings.requestAllow));
  }

  @Passthru({
    http: READ_WITH_ARGUMENTS,
    async: false,
    lock: 'shared',
    effect: 'read',
    args: RedfishGetArgs,
    timeout: SLOW,
    description:
      'Read one Redfish resource of the BMC of the node, as far as the operator allows it, and return the answer. ' +
      "Required argument: 'path' below the service root",
  })
  async redfishGet(task: SharedTask, { path }: RedfishGetArgs): Promise<JsonObject> {
    const request = { verb: 'GET', path, wait: true } as const;
    return this.pool.use(task, (call) => redfishRequest(call, request, this.redfishSettings.requestAllow));
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    timeout: SLOW,
    description: 'Returns the virtual media of the node: each slot, whether an image is inserted, and which.',
  })
  async getVmedia(task: SharedTask): Promise<JsonObject> {
    return this.pool.use(task, getVmedia);
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    args: InsertVmediaArgs,
    description:
      "Insert an image as a virtual media device. Required argument: 'image', a URI. Optional arguments: " +
      "'boot_device' (cd by default, dvd, usb or floppy) or 'slot', 'write_protected' (true), 'username', 'password'",
  })
  async insertVmedia(task: ExclusiveTask | RehearsalTask, wanted: InsertVmediaArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => insertVmedia(call, wanted));
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    timeout: SLOW,
    description: 'Returns the BIOS attributes of the node, and those that are pending.',
  })
  async biosGet(task: SharedTask): Promise<JsonObject> {
    return this.pool.use(task, biosGet);
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    args: BiosSetArgs,
    description:
      "Set BIOS attributes, mostly for the next reset. Required argument: 'attributes', an object of names and " +
      "values. Optional argument: 'apply_time'",
  })
  async biosSet(task: ExclusiveTask | RehearsalTask, wanted: BiosSetArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => biosSet(call, wanted));
  }
}
