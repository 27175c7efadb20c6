import {
  type ExclusiveTask,
  type JsonObject,
  Passthru,
  type RehearsalTask,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { type WantedSubscription } from '@ferrule/redfish';
import { type z } from 'zod';
import { EjectVmediaArgs, isBootDevice } from './virtual-media/eject-vmedia.args.js';
import { ejectVmedia } from './virtual-media/eject-vmedia.js';
import { NodeBmcs } from './bmc/node-bmcs.js';
import {
  CreateSubscriptionArgs,
  ListSubscriptionsArgs,
  SubscriptionIdArgs,
} from './subscriptions/subscription.args.js';
import {
  createSubscription,
  deleteSubscription,
  getAllSubscriptions,
  getSubscription,
  refuseDestination,
} from './subscriptions/subscriptions.js';

/** A method makes several requests, and some BMCs need minutes for one. */
export const SLOW = '10m';
/** For methods that read by arguments: `baremetal` sends those of a POST only. */
export const READ_WITH_ARGUMENTS = ['GET', 'POST'] as const;

type Id = z.output<typeof SubscriptionIdArgs>;

@VendorInterface({ name: 'redfish' })
export class RedfishVendor {
  constructor(protected readonly pool: NodeBmcs) {}

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    async: false,
    args: CreateSubscriptionArgs,
    timeout: SLOW,
    description:
      'Creates a subscription on a node. ' +
      "Required argument: a dictionary of {'Destination': 'destination_url'}",
  })
  async createSubscription(
    task: ExclusiveTask | RehearsalTask,
    { Destination, Protocol, Context, EventTypes, HttpHeaders }: z.output<typeof CreateSubscriptionArgs>,
  ): Promise<JsonObject> {
    return this.subscribe(task, { Destination, Protocol, Context, EventTypes, HttpHeaders });
  }

  @Passthru({
    rehearsal: true,
    http: ['DELETE'],
    async: false,
    args: SubscriptionIdArgs,
    timeout: SLOW,
    description:
      "Delete a subscription on a node. Required argument: a dictionary of {'id': 'subscription_bmc_id'}",
  })
  async deleteSubscription(task: ExclusiveTask | RehearsalTask, { id }: Id): Promise<void> {
    await this.pool.use(task, (call) => deleteSubscription(call, id));
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    name: 'eject_vmedia',
    args: EjectVmediaArgs,
    description:
      'Eject a virtual media device. If no device is provided then all attached devices will be ejected. ' +
      "Optional arguments: 'boot_device' - the boot device to eject, either 'cd', 'dvd', 'usb', or 'floppy'",
  })
  async ejectVmedia(
    task: ExclusiveTask | RehearsalTask,
    { boot_device }: z.output<typeof EjectVmediaArgs>,
  ): Promise<JsonObject> {
    const device = isBootDevice(boot_device) ? boot_device : undefined;
    return this.pool.use(task, (call) => ejectVmedia(call, device));
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    args: ListSubscriptionsArgs,
    timeout: SLOW,
    description: 'Returns all subscriptions on the node.',
  })
  async getAllSubscriptions(
    task: SharedTask,
    { expand }: z.output<typeof ListSubscriptionsArgs>,
  ): Promise<JsonObject> {
    return this.pool.use(task, (call) => getAllSubscriptions(call, expand));
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    args: SubscriptionIdArgs,
    timeout: SLOW,
    description:
      "Get a subscription on the node. Required argument: a dictionary of {'id': 'subscription_bmc_id'}",
  })
  async getSubscription(task: SharedTask, { id }: Id): Promise<JsonObject> {
    return this.pool.use(task, (call) => getSubscription(call, id));
  }

  protected async subscribe(
    task: ExclusiveTask | RehearsalTask,
    wanted: WantedSubscription,
  ): Promise<JsonObject> {
    refuseDestination(await this.pool.whyNoDestination(wanted.Destination));
    return this.pool.use(task, (call) => createSubscription(call, wanted));
  }
}
