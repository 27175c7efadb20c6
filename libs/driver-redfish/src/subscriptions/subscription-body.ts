import { InvalidParameterValue } from '@ferrule/driver-kit';
import { type Behaviour, type JsonObject, type RedfishValidationError } from '@ferrule/redfish';
import { type WantedSubscription } from './subscription.args.js';

/** Properties that may be left out. HttpHeaders and Context are not among them: the caller asked for them. */
const OPTIONAL = ['EventTypes', 'RegistryPrefixes', 'ResourceTypes', 'EventFormatType', 'SubscriptionType'];
const ASKED = ['Destination', 'Protocol', 'Context', 'EventTypes', 'HttpHeaders'] as const;
/** Ironic's default, which every BMC with EventTypes supports. */
const USUAL_EVENT_TYPE = 'Alert';

/**
 * The body that creates a subscription, from what the EventService publishes and the quirk table. It has the EventTypes
 * that the caller asked for; else all that are published of EventTypes, RegistryPrefixes or ResourceTypes, since iLO 6
 * requires one.
 *
 * @param without properties that are unknown to this BMC
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
  if (isAsked(wanted) && without.includes('EventTypes')) {
    throw new InvalidParameterValue('EventTypes cannot be chosen: the BMC does not know this property.');
  }
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
  const named = OPTIONAL.filter((name) => isNamed(name, error));
  if (named.some((name) => Object.hasOwn(wanted, name) && isGiven(wanted[name]))) return undefined;
  const dropped = named.filter((name) => Object.hasOwn(body, name));
  const missing = named.filter((name) => !Object.hasOwn(body, name));
  if (named.length === 0) return undefined;
  const kept = Object.entries(body).filter(([name]) => !dropped.includes(name));
  const added = missing.map((name) => [name, substitute(name, wanted, service)] as const);
  const unknown = dropped.filter((name) => isUnknown(name, error));
  return { body: { ...Object.fromEntries(kept), ...Object.fromEntries(added) }, unknown };
}

export function refusedArguments(wanted: WantedSubscription, error: RedfishValidationError): string[] {
  return ASKED.filter((name) => isGiven(wanted[name]) && isNamed(name, error));
}

/** Whether the BMC does not have the property at all, instead of refusing its value. */
export function isUnknown(name: string, { messages }: RedfishValidationError): boolean {
  return messages.some(
    ({ key, args, related, text }) =>
      /^Property(NotWritableOr)?Unknown$/.test(key) &&
      [...related, ...args, ...text.split(/\W+/)].some((word) => word.split('/')[0] === name),
  );
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
}

function isAsked({ EventTypes = [] }: WantedSubscription): boolean {
  return EventTypes.length > 0;
}

function filter(
  wanted: WantedSubscription,
  service: JsonObject,
  { eventTypes }: Behaviour,
  refused: readonly string[],
): JsonObject {
  const { EventTypes } = wanted;
  const types = texts(service['EventTypesForSubscription']);
  const prefixes = texts(service['RegistryPrefixes']);
  const resources = texts(service['ResourceTypes']);
  if (isAsked(wanted)) return { EventTypes: chosen(EventTypes, types) };
  const isByType = types.length > 0 && prefixes.length === 0;
  const isKnown = eventTypes !== 'refused' && !refused.includes('EventTypes');
  if ((isByType || eventTypes === 'wanted') && isKnown) return { EventTypes: chosen(undefined, types) };
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
