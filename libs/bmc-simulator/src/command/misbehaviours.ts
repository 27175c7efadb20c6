import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { isJsonObject, type Json, type JsonObject } from '../tree/json.js';
import { FORMS } from './misbehaviour-forms.js';
import { UsageError } from './usage-error.js';

/** @throws UsageError */
export function misbehavioursOf(text: string): Misbehaviours {
  const given = jsonOf(text);
  if (!isJsonObject(given)) {
    throw new UsageError(`--misbehave is not an object: ${text}`);
  }
  check(given);
  return given;
}

function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`--misbehave is not JSON: ${text}`);
  }
}

function check(given: JsonObject): asserts given is JsonObject & Misbehaviours {
  for (const [name, value] of Object.entries(given)) {
    checkOne(name, value);
  }
}

function checkOne(name: string, value: Json | undefined): void {
  const forms = new Map<string, readonly (string | number)[]>(Object.entries(FORMS)).get(name);
  if (forms === undefined) {
    throw new UsageError(`There is no misbehaviour ${name}. ${advice(name)}`);
  }
  if (!forms.includes(kindOf(value)) && !forms.some((form) => form === value)) {
    throw new UsageError(`${name} cannot be ${JSON.stringify(value)}; it may be ${forms.join(', ')}.`);
  }
}

function kindOf(value: Json | undefined): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  return isJsonObject(value) ? 'an object' : `a ${typeof value}`;
}

function advice(name: string): string {
  const names = Object.keys(FORMS);
  const wanted = name.toLowerCase();
  const near = names.filter((each) => {
    const known = each.toLowerCase();
    return known.includes(wanted) || wanted.includes(known);
  });
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${names.join(', ')}.`;
}
