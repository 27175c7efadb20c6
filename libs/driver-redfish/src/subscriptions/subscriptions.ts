import { InvalidParameterValue, NotFound } from '@ferrule/driver-kit';
import {
  EventService,
  linksOf,
  RedfishArgumentError,
  RedfishDisabledError,
  RedfishNotDoneError,
  RedfishValidationError,
  refusedOf,
  type JsonObject,
  type WantedSubscription,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redfishError } from '../bmc/errors.js';
import { redacted } from '../bmc/redact.js';
import { refusal } from '../bmc/refusal.js';
import { subscriptionView } from './subscription-view.js';

export async function createSubscription(
  { bmc, nodeUuid, options, patience }: BmcCall,
  wanted: WantedSubscription,
): Promise<JsonObject> {
  try {
    const made = await new EventService(bmc).subscribe(wanted, { ...options, patience });
    return subscriptionView(made, wanted);
  } catch (error) {
    throw inIronicsWords(error, wanted, nodeUuid);
  }
}

export async function deleteSubscription({ bmc, options, nodeUuid }: BmcCall, id: string): Promise<void> {
  try {
    const wasThere = await new EventService(bmc).unsubscribe(id, options);
    if (!wasThere) throw notFound(id, nodeUuid);
  } catch (error) {
    // It must not be a 404, which clients take for success: the subscription is still listed.
    if (!(error instanceof RedfishNotDoneError)) throw error;
    throw redfishError(`Redfish delete_subscription failed on node ${nodeUuid}: ${error.message}`, {
      cause: error,
    });
  }
}

export async function getSubscription({ bmc, options, nodeUuid }: BmcCall, id: string): Promise<JsonObject> {
  const found = await new EventService(bmc).find(id, options);
  if (found === undefined) throw notFound(id, nodeUuid);
  return subscriptionView(found);
}

/** The BMC's collection over all its pages. If expanded, the members are the five fields of those in use. */
export async function getAllSubscriptions(
  { bmc, options }: BmcCall,
  isExpanded: boolean,
): Promise<JsonObject> {
  const events = new EventService(bmc);
  if (!isExpanded) {
    const collection = await events.collection(options);
    // Clients decode members as links, although some BMCs answer with whole members.
    return withMembers(collection, linksOf(collection['Members']).map(asLink));
  }
  const { collection, subscriptions, unread } = await events.list(options);
  const used = subscriptions.filter((subscription) => !subscription.isFree);
  return withMembers(collection, [
    ...used.map((subscription) => subscriptionView(subscription)),
    ...unread.map(asLink),
  ]);
}

export function refuseDestination(reason: string | undefined): void {
  if (reason !== undefined) throw new InvalidParameterValue(`Destination is not a valid URI: ${reason}`);
}

function inIronicsWords(error: unknown, wanted: WantedSubscription, nodeUuid: string): unknown {
  if (error instanceof RedfishDisabledError) {
    return redfishError(
      `Failed to create subscription on node ${nodeUuid}: the EventService is not enabled. ` +
        `Error: ${error.cause.message}`,
      { cause: error },
    );
  }
  if (error instanceof RedfishArgumentError && error.allowed.length > 0) {
    const { EventTypes = [] } = wanted;
    return new InvalidParameterValue(
      `EventTypes ${EventTypes.join(', ')} is not a valid value, allowed values ${error.allowed.join(', ')}`,
      { cause: error },
    );
  }
  if (!(error instanceof RedfishValidationError)) return error;
  const refused = refusedOf(wanted, error);
  if (refused.length === 0) return error;
  return refusal(nodeUuid, refused.join(' and '), error);
}

function withMembers(collection: JsonObject, members: JsonObject[]): JsonObject {
  return redacted({ ...collection, Members: members, 'Members@odata.count': members.length });
}

function asLink(path: string): JsonObject {
  return { '@odata.id': path };
}

function notFound(id: string, nodeUuid: string): NotFound {
  return new NotFound(`Subscription ${id} could not be found on node ${nodeUuid}.`);
}
