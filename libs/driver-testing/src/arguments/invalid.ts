import { type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import { type JsonSchema, resolved, typesOf } from './json-schema.js';

/** Arguments that a schema forbids, for one reason. */
export interface InvalidArguments {
  readonly args: JsonObject;
  /** The argument at the top that is wrong. */
  readonly argument: string;
  /** For example `is missing`. */
  readonly why: string;
}

/** An argument that no method has. */
export const UNKNOWN = 'x_unknown';

/** All that can be made wrong at one place of valid arguments. */
export function invalidVariants(schema: JsonSchema, valid: JsonObject): InvalidArguments[] {
  const missing = (schema.required ?? []).map((argument) => ({
    args: without(valid, argument),
    argument,
    why: 'is missing',
  }));
  const surplus =
    schema.additionalProperties === false
      ? [{ args: { ...valid, [UNKNOWN]: 1 }, argument: UNKNOWN, why: 'is unknown' }]
      : [];
  const wrong = Object.entries(schema.properties ?? {}).flatMap(([argument, property]) =>
    wrongValues(property, schema, valid[argument]).map(({ value, why }) => ({
      args: { ...valid, [argument]: value },
      argument,
      why,
    })),
  );
  return [...missing, ...surplus, ...wrong];
}

/** An object without one of its members. */
export function without(object: JsonObject, member: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== member));
}

interface WrongValue {
  readonly value: JsonValue;
  readonly why: string;
}

/** Values that a schema forbids. None for alternatives, since a value may be wrong for one and right for another. */
function wrongValues(given: JsonSchema, root: JsonSchema, valid: JsonValue | undefined): WrongValue[] {
  const schema = resolved(given, root);
  if (schema.anyOf ?? schema.oneOf ?? schema.allOf) return [];
  if (schema.enum ?? schema.const)
    return [{ value: 'x-none-of-these', why: 'is none of the values allowed' }];
  const types = typesOf(schema);
  if (types.length === 0) return [];
  return [...ofWrongType(types), ...outOfLimits(schema, types), ...nested(schema, root, valid)];
}

/** No method takes this object for a text or a number, as it may take `"5"` or `1`. */
function ofWrongType(types: readonly string[]): WrongValue[] {
  if (!types.includes('object')) return [{ value: { x_wrong: [] }, why: 'is an object' }];
  return types.includes('string') ? [] : [{ value: 'x', why: 'is a text' }];
}

function outOfLimits(schema: JsonSchema, types: readonly string[]): WrongValue[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, minItems } = schema;
  const wrong: WrongValue[] = [];
  const isNumber = types.includes('integer') || types.includes('number');
  const add = (value: JsonValue, why: string) => wrong.push({ value, why });
  if (isNumber && minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER)
    add(minimum - 1, 'is too small');
  if (isNumber && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    add(maximum + 1, 'is too large');
  if (isNumber && exclusiveMinimum !== undefined) add(exclusiveMinimum, 'is too small');
  if (isNumber && exclusiveMaximum !== undefined) add(exclusiveMaximum, 'is too large');
  if (types.includes('integer') && !types.includes('number')) add((minimum ?? 0) + 0.5, 'is no whole number');
  if (types.includes('string') && minLength !== undefined && minLength > 0) add('', 'is too short');
  if (types.includes('string') && maxLength !== undefined && maxLength <= 100_000) {
    add('x'.repeat(maxLength + 1), 'is too long');
  }
  if (types.includes('array') && minItems !== undefined && minItems > 0) add([], 'has too few items');
  return wrong;
}

function nested(schema: JsonSchema, root: JsonSchema, valid: JsonValue | undefined): WrongValue[] {
  if (typeof valid !== 'object' || valid === null) return [];
  if (Array.isArray(valid)) {
    const [first, ...rest] = valid as readonly JsonValue[];
    if (first === undefined || typeof schema.items !== 'object') return [];
    return wrongValues(schema.items, root, first).map(({ value, why }) => ({
      value: [value, ...rest],
      why: `has an item that ${why}`,
    }));
  }
  const own = { ...schema, ...(root.$defs && { $defs: root.$defs }) };
  return invalidVariants(own, valid as JsonObject).map(({ args, argument, why }) => ({
    value: args,
    why: `has a member ${argument} that ${why}`,
  }));
}
