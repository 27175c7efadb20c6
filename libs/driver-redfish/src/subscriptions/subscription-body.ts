import { InvalidParameterValue } from '@ferrule/driver-kit';
import { type Behaviour, type JsonObject, type RedfishValidationError } from '@ferrule/redfish';
import { type WantedSubscription } from './subscription.args.js';

/** What a subscription may do without. HttpHeaders and a Context that were asked for are not among it. */
const OPTIONAL = ['EventTypes', 'RegistryPrefixes', 'ResourceTypes', 'EventFormatType', 'SubscriptionType'];
/** Ironic's default, which every BMC with EventTypes knows. */
const USUAL_EVENT_TYPE = 'Alert';

/**
 * The body that creates a subscription, out of what the EventService publishes and the quirk table knows.
 * EventTypes only where the BMC has them, else RegistryPrefixes or else ResourceTypes: each with all that is
 * published, which means the same as none, except to BMCs that want one (iLO 6).
 *
 * @param without properties that this BMC is known to refuse
 * @throws InvalidParameterValue when EventTypes are asked for that the BMC does not have
 */
export function subscriptionBody(
  wanted: WantedSubscription,
  service: JsonObject,
  behaviour: Behaviour,
  without: readonly string[] = [],
): JsonObject {
  const { Destination, Protocol, Context, HttpHeaders = [] } = wanted;
  const refused = [...without, ...(behaviour.subscriptionRefuses ?? [])];
  const formats = texts(service['EventFormatTypes']);
  const optional: JsonObject = {
    ...filter(wanted, service, behaviour, refused),
    ...(formats.includes('Event') ? { EventFormatType: 'Event' } : {}),
    ...(texts(service['SubscriptionType@Redfish.AllowableValues']).includes('RedfishEvent')
      ? { SubscriptionType: 'RedfishEvent' }
      : {}),
  };
  const kept = Object.entries(optional).filter(([name]) => !refused.includes(name));
  return {
    Destination,
    Protocol,
    Context,
    ...Object.fromEntries(kept),
    ...(HttpHeaders.length > 0 ? { HttpHeaders } : {}),
  };
}

/** A corrected body, and what was left out of it. */
export interface Correction {
  readonly body: JsonObject;
  readonly dropped: readonly string[];
}

/**
 * The body again as a BMC seems to want it: without the optional properties that its refusal names, and with
 * those that it says are missing. Undefined where the refusal is about something else.
 */
export function corrected(
  body: JsonObject,
  error: RedfishValidationError,
  wanted: WantedSubscription,
  service: JsonObject,
): Correction | undefined {
  const named = OPTIONAL.filter((name) => isNamed(name, error));
  const dropped = named.filter((name) => Object.hasOwn(body, name));
  const missing = named.filter((name) => !Object.hasOwn(body, name));
  if (named.length === 0) return undefined;
  const kept = Object.entries(body).filter(([name]) => !dropped.includes(name));
  const added = missing.map((name) => [name, substitute(name, wanted, service)] as const);
  return { body: { ...Object.fromEntries(kept), ...Object.fromEntries(added) }, dropped };
}

function filter(
  { EventTypes }: WantedSubscription,
  service: JsonObject,
  { eventTypes }: Behaviour,
  refused: readonly string[],
): JsonObject {
  const types = texts(service['EventTypesForSubscription']);
  const prefixes = texts(service['RegistryPrefixes']);
  const resources = texts(service['ResourceTypes']);
  const isAsked = EventTypes !== undefined && EventTypes.length > 0;
  const isByType = types.length > 0 && (prefixes.length === 0 || isAsked || eventTypes === 'wanted');
  if ((isByType || eventTypes === 'wanted') && eventTypes !== 'refused' && !refused.includes('EventTypes')) {
    return { EventTypes: chosen(EventTypes, types) };
  }
  if (prefixes.length > 0 && !refused.includes('RegistryPrefixes')) return { RegistryPrefixes: prefixes };
  return resources.length > 0 ? { ResourceTypes: resources } : {};
}

function chosen(asked: readonly string[] | undefined, published: readonly string[]): string[] {
  if (asked === undefined || asked.length === 0) {
    return published.length === 0 || published.includes(USUAL_EVENT_TYPE)
      ? [USUAL_EVENT_TYPE]
      : [...published];
  }
  if (published.length > 0 && !asked.every((type) => published.includes(type))) {
    throw new InvalidParameterValue(
      `EventTypes ${asked.join(', ')} is not a valid value, allowed values ${published.join(', ')}`,
    );
  }
  return [...asked];
}

/** By RelatedProperties and message arguments, else by the words of a BMC that gives neither. */
function isNamed(name: string, error: RedfishValidationError): boolean {
  if (error.properties.length > 0) return error.properties.some((path) => path.split('/')[0] === name);
  return new RegExp(`\\b${name}\\b`).test(error.reason);
}

function substitute(name: string, { EventTypes }: WantedSubscription, service: JsonObject) {
  switch (name) {
    case 'EventTypes':
      return chosen(EventTypes, texts(service['EventTypesForSubscription']));
    case 'EventFormatType':
      return 'Event';
    case 'SubscriptionType':
      return 'RedfishEvent';
    default:
      return texts(service[name]);
  }
}

function texts(value: JsonObject[string] | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
