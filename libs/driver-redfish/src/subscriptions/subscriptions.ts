import { InvalidParameterValue, NotFound } from '@ferrule/driver-kit';
import {
  RedfishError,
  RedfishUnsupportedError,
  RedfishValidationError,
  linksOf,
  type JsonObject,
  type JsonValue,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { EventService, type Listing } from './event-service.js';
import { NewSubscription } from './new-subscription.js';
import { redacted } from '../bmc/redact.js';
import { type WantedSubscription } from './subscription.args.js';
import { FREE_DESTINATION, type Subscription } from './subscription.js';

/**
 * Creates a subscription, or returns the existing one that is all that was asked for. The header values of an existing
 * one cannot be read, so if the caller has headers, it gets these.
 */
export async function createSubscription(call: BmcCall, wanted: WantedSubscription): Promise<JsonObject> {
  const service = await EventService.of(call);
  const before = await service.list();
  const known = before.subscriptions.find((subscription) => subscription.isSame(wanted));
  const same = known && (await withHeaders(call, service, known, wanted));
  const subscription = same ?? (await new NewSubscription(call, service, before, wanted).make());
  return subscription.view(wanted);
}

/** Undefined if the BMC does not let the headers of a subscription be changed. */
async function withHeaders(
  { bmc, options }: BmcCall,
  service: EventService,
  known: Subscription,
  wanted: WantedSubscription,
): Promise<Subscription | undefined> {
  const { HttpHeaders = [] } = wanted;
  if (HttpHeaders.length === 0 || known.hasHeaders(wanted)) return known;
  try {
    await bmc.patch(known.path, { HttpHeaders }, options);
  } catch (error) {
    if (error instanceof RedfishUnsupportedError || error instanceof RedfishValidationError) return undefined;
    throw error;
  }
  const now = await service.read(known.path);
  return now?.isSame(wanted) === true ? now : undefined;
}

export async function deleteSubscription(call: BmcCall, id: string): Promise<void> {
  const service = await EventService.of(call);
  const subscription = await found(service, id, call);
  let failure: RedfishError | undefined;
  try {
    await remove(call, service, subscription);
  } catch (error) {
    if (!(error instanceof RedfishError)) throw error;
    failure = error;
  }
  if (await isGone(service, subscription, failure)) return;
  if (failure === undefined) throw stillThere(subscription, call, 'the BMC reported success');
  // The error must not be a 404, which clients take for success: the subscription is still listed.
  if (failure.code === 'not-found') {
    throw stillThere(subscription, call, failure.message);
  }
  throw failure;
}

export async function getSubscription(call: BmcCall, id: string): Promise<JsonObject> {
  return EventService.reading(call, async (service) => (await found(service, id, call)).view());
}

/** The BMC's collection over all its pages. If expanded, the members are the five fields of those in use. */
export async function getAllSubscriptions(call: BmcCall, isExpanded: boolean): Promise<JsonObject> {
  return EventService.reading(call, (service) => read(service, isExpanded));
}

async function read(service: EventService, isExpanded: boolean): Promise<JsonObject> {
  const listing = isExpanded ? await service.list() : undefined;
  const collection = listing?.collection ?? (await service.members());
  const members = listing === undefined ? onlyLinks(collection['Members']) : usedMembers(listing);
  return redacted({ ...collection, Members: members, 'Members@odata.count': members.length });
}

/** Clients decode members as links, although some BMCs answer with whole members. */
function onlyLinks(members: JsonValue | undefined): JsonObject[] {
  return linksOf(members).map((path) => ({ '@odata.id': path }));
}

function usedMembers({ subscriptions, unread }: Listing): JsonObject[] {
  const used = subscriptions.filter((subscription) => !subscription.isFree);
  return [
    ...used.map((subscription) => subscription.view()),
    ...unread.map((path) => ({ '@odata.id': path })),
  ];
}

export function refuseDestination(reason: string | undefined): void {
  if (reason !== undefined) throw new InvalidParameterValue(`Destination is not a valid URI: ${reason}`);
}

async function found(service: EventService, id: string, { nodeUuid }: BmcCall): Promise<Subscription> {
  const subscription = await service.find(id);
  if (subscription !== undefined) return subscription;
  throw new NotFound(`Subscription ${id} could not be found on node ${nodeUuid}.`);
}

async function remove(call: BmcCall, service: EventService, { path, body }: Subscription): Promise<void> {
  const { bmc, options } = call;
  try {
    await bmc.delete(path, options);
  } catch (error) {
    if (!(error instanceof RedfishUnsupportedError) || !(await hasSlots(call, service))) throw error;
    const types = Object.hasOwn(body, 'EventTypes') ? { EventTypes: [] } : {};
    await bmc.patch(path, { Destination: FREE_DESTINATION, Context: '', ...types }, options);
  }
}

/** Whether subscriptions are fixed slots: a free one shows it, else the quirk table, which needs X10's managers. */
async function hasSlots({ bmc, options }: BmcCall, service: EventService): Promise<boolean> {
  try {
    const { subscriptions } = await service.list();
    if (subscriptions.some(({ isFree }) => isFree)) return true;
    await bmc.managers(await bmc.system(options), options);
  } catch (error) {
    if (!(error instanceof RedfishError)) throw error;
  }
  return (await bmc.behaviour(options)).subscriptionSlots === true;
}

/** Throws `failure`, that of the deletion, if the BMC cannot be read afterwards. */
async function isGone(
  service: EventService,
  { path }: Subscription,
  failure: RedfishError | undefined,
): Promise<boolean> {
  try {
    const now = await service.read(path);
    return now === undefined || now.isFree;
  } catch (error) {
    throw failure ?? error;
  }
}

function stillThere({ path }: Subscription, { nodeUuid }: BmcCall, why: string): Error {
  return redfishError(`Redfish delete_subscription failed on node ${nodeUuid}: ${path} still exists; ${why}`);
}
