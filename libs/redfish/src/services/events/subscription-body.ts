import { RedfishArgumentError, type RedfishValidationError } from '../../errors.js';
import { textsOf, type JsonObject } from '../../json.js';
import type { Behaviour } from '../../quirks/quirks.js';
import { isGiven } from '../corrections.js';
import { FILTERS, type WantedSubscription } from './wanted-subscription.js';

/** Properties that are sent without being asked for, where they help. */
const OPTIONAL = ['EventTypes', 'RegistryPrefixes', 'ResourceTypes', 'EventFormatType', 'SubscriptionType'];
/** Properties that a BMC may not know at all. */
const ASKABLE = [...FILTERS, 'DeliveryRetryPolicy', 'VerifyCertificate'] as const;
/** The one that Ironic sends by default. The others are much more frequent. */
const USUAL_EVENT_TYPE = 'Alert';

/**
 * The body that creates a subscription, from what the EventService publishes and the quirk table. It has what the caller
 * asked for. Without a choice of events it has one all the same, since iLO 6 requires it: see
 * `WantedSubscription.EventTypes`.
 *
 * @param without properties that are unknown to this BMC
 * @throws RedfishArgumentError for EventTypes that the BMC does not have, and properties that it does not know
 */
export function subscriptionBody(
  wanted: WantedSubscription,
  service: JsonObject,
  behaviour: Behaviour,
  without: readonly string[] = [],
): JsonObject {
  const { Destination, Protocol = 'Redfish', Context = '', HttpHeaders = [] } = wanted;
  const asked = ASKABLE.filter((name) => isGiven(wanted[name]));
  const unknown = asked.find((name) => without.includes(name));
  if (unknown !== undefined) {
    throw new RedfishArgumentError(
      unknown,
      `${unknown} cannot be chosen: the BMC does not know this property.`,
    );
  }
  const refused = [...without, ...(behaviour.subscriptionRefuses ?? [])];
  const formats = textsOf(service['EventFormatTypes']);
  const optional: JsonObject = {
    ...(asked.some((name) => FILTERS.some((filter) => filter === name))
      ? {}
      : usualFilter(service, behaviour, refused)),
    ...(formats.includes('Event') ? { EventFormatType: 'Event' } : {}),
    ...(textsOf(service['SubscriptionType@Redfish.AllowableValues']).includes('RedfishEvent')
      ? { SubscriptionType: 'RedfishEvent' }
      : {}),
  };
  const kept = Object.entries(optional).filter(([name]) => !refused.includes(name));
  return {
    Destination,
    Protocol,
    Context,
    ...askedFor(wanted, service),
    ...Object.fromEntries(kept),
    ...(HttpHeaders.length > 0 ? { HttpHeaders: HttpHeaders.map((header) => ({ ...header })) } : {}),
  };
}

export interface Correction {
  readonly body: JsonObject;
  /** Properties that the BMC does not know, and that it need not be sent again. */
  readonly unknown: readonly string[];
}

/**
 * Adds and removes the optional properties that a refusal names; undefined if it has another reason, or names what the
 * caller asked for.
 */
export function corrected(
  body: JsonObject,
  error: RedfishValidationError,
  wanted: WantedSubscription,
  service: JsonObject,
): Correction | undefined {
  if (ASKABLE.some((name) => isGiven(wanted[name]) && error.objectsTo(name))) return undefined;
  const named = OPTIONAL.filter((name) => error.objectsTo(name));
  if (named.length === 0) return undefined;
  const dropped = named.filter((name) => Object.hasOwn(body, name));
  const missing = named.filter((name) => !Object.hasOwn(body, name));
  const kept = Object.entries(body).filter(([name]) => !dropped.includes(name));
  const added = missing.map((name) => [name, usualValue(name, service)] as const);
  const unknown = dropped.filter((name) => error.doesNotKnow(name));
  return { body: { ...Object.fromEntries(kept), ...Object.fromEntries(added) }, unknown };
}

/** What the caller asked for and the BMC does not know. */
export function unknownAmong(wanted: WantedSubscription, error: RedfishValidationError): string[] {
  return ASKABLE.filter((name) => isGiven(wanted[name]) && error.doesNotKnow(name));
}

function askedFor(wanted: WantedSubscription, service: JsonObject): JsonObject {
  const { EventTypes = [], DeliveryRetryPolicy, VerifyCertificate } = wanted;
  const published = textsOf(service['EventTypesForSubscription']);
  if (published.length > 0 && !EventTypes.every((type) => published.includes(type))) {
    const text = `The BMC does not have the EventTypes ${EventTypes.join(', ')}: it has ${published.join(', ')}.`;
    throw new RedfishArgumentError('EventTypes', text, published);
  }
  const filters = FILTERS.flatMap((name) => {
    const values = wanted[name] ?? [];
    return values.length > 0 ? [[name, [...values]] as const] : [];
  });
  return {
    ...Object.fromEntries(filters),
    ...(DeliveryRetryPolicy === undefined ? {} : { DeliveryRetryPolicy }),
    ...(VerifyCertificate === undefined ? {} : { VerifyCertificate }),
  };
}

function usualFilter(service: JsonObject, { eventTypes }: Behaviour, refused: readonly string[]): JsonObject {
  const types = textsOf(service['EventTypesForSubscription']);
  const prefixes = textsOf(service['RegistryPrefixes']);
  const resources = textsOf(service['ResourceTypes']);
  const isByType = types.length > 0 && prefixes.length === 0;
  const isKnown = eventTypes !== 'refused' && !refused.includes('EventTypes');
  if ((isByType || eventTypes === 'wanted') && isKnown) return { EventTypes: usualTypes(types) };
  if (prefixes.length > 0 && !refused.includes('RegistryPrefixes')) return { RegistryPrefixes: prefixes };
  return resources.length > 0 ? { ResourceTypes: resources } : {};
}

function usualTypes(published: readonly string[]): string[] {
  return published.length === 0 || published.includes(USUAL_EVENT_TYPE) ? [USUAL_EVENT_TYPE] : [...published];
}

function usualValue(name: string, service: JsonObject) {
  switch (name) {
    case 'EventTypes':
      return usualTypes(textsOf(service['EventTypesForSubscription']));
    case 'EventFormatType':
      return 'Event';
    case 'SubscriptionType':
      return 'RedfishEvent';
    default:
      return textsOf(service[name]);
  }
}
