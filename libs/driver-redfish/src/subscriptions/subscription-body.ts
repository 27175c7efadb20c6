import { InvalidParameterValue } from '@ferrule/driver-kit';
import { type Behaviour, type JsonObject, type RedfishValidationError } from '@ferrule/redfish';
import { type WantedSubscription } from './subscription.args.js';

/** Properties that may be left out. HttpHeaders and Context are not among them: the caller asked for them. */
const OPTIONAL = ['EventTypes', 'RegistryPrefixes', 'ResourceTypes', 'EventFormatType', 'SubscriptionType'];
/** Ironic's default, which every BMC with EventTypes supports. */
const USUAL_EVENT_TYPE = 'Alert';

/**
 * The body that creates a subscription, from what the EventService publishes and the quirk table. It has EventTypes if
 * supported, else RegistryPrefixes, else ResourceTypes, each with all published values, since iLO 6 requires one.
 *
 * @param without properties that this BMC refused before
 * @throws InvalidParameterValue for EventTypes that the BMC does not have
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

export interface Correction {
  readonly body: JsonObject;
  readonly dropped: readonly string[];
}

/** Adds and removes the optional properties that a refusal names; undefined if it has another reason. */
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
