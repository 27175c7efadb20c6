import { Refusal } from '../messages/errors.js';
import { isJsonObject, type Json, type JsonObject, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { FREE_SLOT, type SubscriptionRules } from '../profiles/vendor-rules.js';
import { hasType, isChangeable, isKnown, isReadOnly, wrongValue } from './event-destination.js';

/** The body of a POST, if the standard and the vendor's rules allow it. */
export function checkSubscription(
  body: Json | undefined,
  rules: SubscriptionRules,
  switches: Switches,
  present: readonly JsonObject[],
): JsonObject {
  if (!isJsonObject(body)) {
    throw Refusal.malformed();
  }
  if (switches.get('eventServiceDisabled')) {
    throw new Refusal(503, {
      id: 'ServiceDisabled',
      text: 'The event service is disabled.',
      args: ['/redfish/v1/EventService'],
    });
  }
  checkNames(body, rules, switches);
  checkPresence(body, rules);
  checkValues(body, rules);
  checkDuplicate(body, rules, switches, present);
  return body;
}

/** Checks the body of a PATCH. Slots are filled by it, so they may change whole. */
export function checkChange(
  body: JsonObject,
  rules: SubscriptionRules,
  switches: Switches,
  isSlotted: boolean,
): void {
  checkNames(body, rules, switches);
  const fixed = Object.keys(body).find((name) => !isSlotted && !isChangeable(name));
  if (fixed !== undefined) {
    throw notWritable(fixed, `${fixed} cannot change.`);
  }
  checkValues(body, rules);
}

function checkNames(body: JsonObject, rules: SubscriptionRules, switches: Switches): void {
  const refused = [
    ...rules.refused,
    ...(switches.get('refuseEventTypes') === true ? ['EventTypes'] : []),
    ...(switches.get('refuseProperties') ?? []),
  ];
  const types = body['EventTypes'];
  if (types !== undefined && typeof switches.get('refuseEventTypes') === 'string') {
    throw Refusal.badValue('EventTypes', textOf(types));
  }
  for (const name of Object.keys(body)) {
    if (isReadOnly(name)) {
      throw notWritable(name, `The property ${name} is read-only.`);
    }
    if (!isKnown(name) || refused.includes(name) || (rules.known && !rules.known.includes(name))) {
      throw Refusal.unknownProperty(name, rules.unknownId);
    }
  }
}

function checkPresence(body: JsonObject, rules: SubscriptionRules): void {
  const missing = [...rules.required, 'Destination'].find((name) => {
    const value = body[name];
    return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  });
  if (missing !== undefined) {
    throw Refusal.missingProperty(missing);
  }
}

function checkValues(body: JsonObject, rules: SubscriptionRules): void {
  for (const [name, value = null] of Object.entries(body)) {
    if (!hasType(name, value)) {
      throw Refusal.badValue(name, textOf(value), 'PropertyValueTypeError');
    }
    const wrong = wrongValue(name, value);
    if (wrong !== undefined) {
      throw Refusal.badValue(name, textOf(wrong));
    }
  }
  const { Destination, Context } = body;
  const isClearing = Destination === FREE_SLOT && rules.style === 'slots';
  if (
    Destination !== undefined &&
    !isClearing &&
    !/^https?:\/\/[^\s/@?#]+(?:[/?#]|$)/.test(textOf(Destination))
  ) {
    throw Refusal.badValue('Destination', textOf(Destination), 'PropertyValueFormatError');
  }
  if (textOf(Context ?? '').length > 256) {
    throw Refusal.badValue('Context', textOf(Context ?? ''), 'PropertyValueFormatError');
  }
  for (const [name, values] of Object.entries(rules.allowed ?? {})) {
    const given = body[name] ?? [];
    const wrong = (Array.isArray(given) ? given : [given]).find(
      (one) => !values.some((value) => value === one),
    );
    if (wrong !== undefined) {
      throw Refusal.badValue(name, textOf(wrong));
    }
  }
}

function checkDuplicate(
  body: JsonObject,
  rules: SubscriptionRules,
  switches: Switches,
  present: readonly JsonObject[],
): void {
  const told = switches.get('duplicateRefused') ?? rules.duplicate;
  const id = told === true ? 'ResourceAlreadyExists' : told;
  if (id && present.some(({ Destination }) => Destination === body['Destination'])) {
    const text = 'A subscription with this Destination exists already.';
    const args = ['Destination', textOf(body['Destination'])];
    throw new Refusal(400, {
      id,
      text,
      args: id === 'ResourceAlreadyExists' ? ['EventDestination', ...args] : args,
      related: ['Destination'],
    });
  }
}

function notWritable(name: string, text: string): Refusal {
  return new Refusal(400, { id: 'PropertyNotWritable', text, args: [name], related: [name] });
}
