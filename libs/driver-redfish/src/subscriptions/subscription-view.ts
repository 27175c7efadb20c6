import {
  type JsonObject,
  type JsonValue,
  type Subscription,
  type WantedSubscription,
} from '@ferrule/redfish';
import { redacted } from '../bmc/redact.js';

/** What Ironic returns of a subscription. HttpHeaders are never returned. */
const SHOWN = ['Id', 'Context', 'Protocol', 'Destination', 'EventTypes'];

/** Beside Ironic's, shown to those who asked for them. */
const SHOWN_IF_ASKED = [
  'RegistryPrefixes',
  'ResourceTypes',
  'MessageIds',
  'DeliveryRetryPolicy',
  'VerifyCertificate',
] as const;

/** Ironic's fields, others that were asked for, and `Warnings` if the subscription does not do what was asked for. */
export function subscriptionView(subscription: Subscription, wanted?: WantedSubscription): JsonObject {
  const asked = SHOWN_IF_ASKED.filter((name) => wanted?.[name] !== undefined);
  const fields = [...SHOWN, ...asked].flatMap((name): [string, JsonValue][] => {
    const value = subscription.body[name];
    return value === undefined ? [] : [[name, value]];
  });
  const warnings = warningsOf(subscription, wanted);
  return redacted({
    ...Object.fromEntries(fields),
    ...(warnings.length > 0 ? { Warnings: warnings } : {}),
  });
}

function warningsOf(subscription: Subscription, wanted: WantedSubscription | undefined): string[] {
  const disabled = subscription.isDisabled ? ['The BMC has disabled this subscription.'] : [];
  if (wanted === undefined) return disabled;
  const { Destination } = wanted;
  return [
    ...disabled,
    ...(subscription.sendsTo(Destination)
      ? []
      : [`The BMC has changed the Destination from ${Destination}.`]),
    ...subscription.differencesTo(wanted).map((name) => `The BMC shows another ${name} than was asked for.`),
  ];
}
