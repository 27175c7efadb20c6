import { type JsonObject, type JsonValue } from '@ferrule/driver-kit';
import fc from 'fast-check';
import { type JsonSchema, resolved, typesOf } from './json-schema.js';
import { textOf } from './texts.js';

type Values = fc.Arbitrary<JsonValue>;

/** Recursive schemas go no deeper. */
const DEEPEST = 3;
const MOST_ITEMS = 4;

/**
 * Arguments that an object schema allows.
 * @param constant arguments that are always the same; `undefined` leaves one out
 * @throws TypeError for a schema that it cannot read
 */
export function validArguments(
  schema: JsonSchema,
  constant: Readonly<Record<string, JsonValue | undefined>> = {},
): fc.Arbitrary<JsonObject> {
  const properties = Object.entries(schema.properties ?? {}).filter(
    ([name]) => !Object.hasOwn(constant, name),
  );
  const rest = { ...schema, properties: Object.fromEntries(properties) };
  const kept = Object.entries(constant).filter(([, value]) => value !== undefined);
  return objects(rest, schema, 0).map((args) => ({ ...args, ...Object.fromEntries(kept) }));
}

function values(given: JsonSchema, root: JsonSchema, depth: number): Values {
  const schema = resolved(given, root);
  if (schema.const !== undefined) return fc.constant(schema.const as JsonValue);
  if (schema.enum) return fc.constantFrom(...(schema.enum as JsonValue[]));
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return oneOf(branches, root, depth);
  if (schema.allOf)
    return values(
      schema.allOf.reduce((all, each) => ({ ...all, ...each }), {}),
      root,
      depth,
    );
  const types = typesOf(schema);
  if (types.length === 0) return schema.properties ? objects(schema, root, depth) : anything;
  return fc.oneof(...types.map((type) => ofType(type, schema, root, depth)));
}

function oneOf(branches: readonly JsonSchema[], root: JsonSchema, depth: number): Values {
  const flat = branches.filter((branch) => !/array|object/.test(String(resolved(branch, root).type)));
  const usable = depth >= DEEPEST && flat.length > 0 ? flat : branches;
  return fc.oneof(...usable.map((branch) => values(branch, root, depth + 1)));
}

function ofType(type: string, schema: JsonSchema, root: JsonSchema, depth: number): Values {
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return integers(schema);
    case 'number':
      return fc.oneof(integers(schema), numbers(schema));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrays(schema, root, depth);
    case 'object':
      return objects(schema, root, depth);
    default:
      throw new TypeError(`The type ${type} is unknown.`);
  }
}

function integers(schema: JsonSchema): fc.Arbitrary<number> {
  const step = Number.isInteger(schema.multipleOf) ? (schema.multipleOf ?? 1) : 1;
  const { least, most } = limits(schema, 1);
  const min = Math.ceil(Math.max(least, Number.MIN_SAFE_INTEGER) / step);
  const max = Math.floor(Math.min(most, Number.MAX_SAFE_INTEGER) / step);
  if (min > max) return fc.double({ min: least, max: most, noNaN: true });
  return fc.integer({ min, max }).map((number) => number * step);
}

function numbers(schema: JsonSchema): fc.Arbitrary<number> {
  if (schema.multipleOf !== undefined) return integers(schema);
  const { least, most } = limits(schema, 0);
  // Beyond these numbers JSON of other languages differs.
  const [min, max] = [Math.max(least, -1e15), Math.min(most, 1e15)];
  const isInside = (number: number) =>
    number > (schema.exclusiveMinimum ?? -Infinity) && number < (schema.exclusiveMaximum ?? Infinity);
  return fc
    .double({ min, max, noNaN: true })
    .filter(isInside)
    .map((number) => (number === 0 ? 0 : number));
}

function limits(schema: JsonSchema, step: number): { least: number; most: number } {
  return {
    least: Math.max(schema.minimum ?? -Infinity, (schema.exclusiveMinimum ?? -Infinity) + step),
    most: Math.min(schema.maximum ?? Infinity, (schema.exclusiveMaximum ?? Infinity) - step),
  };
}

function arrays(schema: JsonSchema, root: JsonSchema, depth: number): Values {
  if (schema.prefixItems) return fc.tuple(...schema.prefixItems.map((item) => values(item, root, depth + 1)));
  const items = typeof schema.items === 'object' ? values(schema.items, root, depth + 1) : anything;
  const minLength = schema.minItems ?? 0;
  const maxLength = Math.min(schema.maxItems ?? Infinity, minLength + (depth >= DEEPEST ? 0 : MOST_ITEMS));
  return fc.array(items, { minLength, maxLength });
}

function objects(schema: JsonSchema, root: JsonSchema, depth: number): fc.Arbitrary<JsonObject> {
  const { properties = {}, required = [], additionalProperties: others } = schema;
  const members = Object.entries(properties).map(
    ([name, each]) => [name, values(each, root, depth + 1)] as const,
  );
  const known = fc.record(Object.fromEntries(members), {
    requiredKeys: required.filter((name) => Object.hasOwn(properties, name)),
    noNullPrototype: true,
  });
  if (others === undefined || others === false || depth >= DEEPEST) return known;
  const names = namesOf(schema, root).filter((name) => !Object.hasOwn(properties, name));
  const value =
    others === true || Object.keys(others).length === 0 ? anything : values(others, root, depth + 1);
  const surplus = fc.dictionary(names, value, { maxKeys: MOST_ITEMS, noNullPrototype: true });
  return fc.tuple(surplus, known).map(([more, own]) => ({ ...more, ...own }));
}

/** Of members that the schema does not list. No call may have arguments called `method` and the like, or `__proto__`. */
function namesOf({ propertyNames }: JsonSchema, root: JsonSchema): fc.Arbitrary<string> {
  const names = propertyNames && resolved(propertyNames, root);
  if (names?.enum) return fc.constantFrom(...names.enum.map(String));
  if (names?.pattern !== undefined) return textOf(names);
  return fc.stringMatching(/^x_[a-z0-9]{1,8}$/);
}

const anything: Values = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.string({ maxLength: 20 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.stringMatching(/^x_[a-z]{1,4}$/), fc.string({ maxLength: 5 }), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
);
