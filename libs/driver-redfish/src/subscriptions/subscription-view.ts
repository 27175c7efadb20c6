import {
  type JsonObject,
  type JsonValue,
  type Subscription,
  type WantedSubscription,
} from '@ferrule/redfish';
import { redacted } from '../bmc/redact.js';

/** What Ironic returns of a subscription. HttpHeaders are never returned. */
const SHOWN = ['Id', 'Context', 'Protocol', 'Destination', 'EventTypes'];

/** Ironic's fields, and `Warnings` if the subscription does not do what was asked for. */
export function subscriptionView(subscription: Subscription, wanted?: WantedSubscription): JsonObject {
  const fields = SHOWN.flatMap((name): [string, JsonValue][] => {
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
  const isMangled = wanted !== undefined && !subscription.sendsTo(wanted.Destination);
  return [
    ...(subscription.isDisabled ? ['The BMC has disabled this subscription.'] : []),
    ...(isMangled ? [`The BMC has changed the Destination from ${wanted.Destination}.`] : []),
  ];
}
