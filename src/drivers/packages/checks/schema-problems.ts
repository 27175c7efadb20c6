import { types } from 'node:util';
import { z } from 'zod';

/** What to take instead, by type of zod. */
const INSTEAD: Readonly<Record<string, string>> = {
  date: 'take z.iso.datetime(), and make the date of it with .transform((text) => new Date(text))',
  bigint: 'take z.int(), or a text and .transform(BigInt)',
  map: 'take z.record()',
  set: 'take z.array()',
  symbol: 'take z.enum()',
  undefined: 'take .optional()',
  void: 'take .optional()',
  nan: 'take z.number()',
  custom: 'take a schema of JSON, and check it with .refine()',
  function: 'take a schema of JSON',
  transform: 'take a schema of JSON, and add .transform() to it',
  literal: 'take texts, numbers, booleans or null',
};

/** Why clients cannot give these arguments as JSON, or the host cannot check them. */
export function schemaProblems(schema: z.ZodObject): string[] {
  return [...new Set([...notJson(schema), ...asynchronous(schema, [], new Set())])];
}

function notJson(schema: z.ZodObject): string[] {
  const problems: string[] = [];
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: ({ zodSchema, path }) => {
      const { type } = zodSchema._zod.def;
      const instead = INSTEAD[type];
      // Others are about defaults, which the listing can leave out.
      if (instead !== undefined) {
        problems.push(`has ${argumentAt(path)}of type ${type}, which JSON Schema cannot say; ${instead}`);
      }
      return 'any';
    },
  });
  return problems;
}

/** `['properties', 'a', 'items', 'properties', 'b']` becomes `the argument 'a.b' `. */
function argumentAt(path: readonly (string | number)[]): string {
  const names: (string | number)[] = [];
  for (let index = 0; index < path.length; index++) {
    if (path[index] === 'properties') names.push(path[++index] ?? '');
  }
  return names.length === 0 ? 'arguments ' : `the argument '${names.join('.')}' `;
}

/** Arguments are checked before the lock is taken, without waiting. */
function asynchronous(value: unknown, path: readonly string[], seen: Set<unknown>): string[] {
  if (typeof value === 'function') {
    return types.isAsyncFunction(value)
      ? [
          `has an asynchronous check or transform of ${path.length > 0 ? `the argument '${path.join('.')}'` : 'its arguments'}; check in the method instead`,
        ]
      : [];
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (Array.isArray(value)) return value.flatMap((each) => asynchronous(each, path, seen));
  if (isSchemaPart(value)) {
    const { def, check } = value._zod;
    return [...partsOf(def, path, seen), ...asynchronous(check, path, seen)];
  }
  return [];
}

function partsOf(
  def: Readonly<Record<string, unknown>>,
  path: readonly string[],
  seen: Set<unknown>,
): string[] {
  if (def['type'] === 'promise') {
    return [`has an argument '${path.join('.')}' that is a promise; take what it resolves to`];
  }
  if (def['type'] === 'lazy' && typeof def['getter'] === 'function') {
    return asynchronous(Reflect.apply(def['getter'], undefined, []), path, seen);
  }
  return Object.entries(def).flatMap(([key, part]) => {
    if (key !== 'shape' || typeof part !== 'object' || part === null) return asynchronous(part, path, seen);
    return Object.entries(part).flatMap(([name, member]) => asynchronous(member, [...path, name], seen));
  });
}

/** A schema or a check of any copy of zod 4. */
function isSchemaPart(
  value: object,
): value is { readonly _zod: { readonly def: Readonly<Record<string, unknown>>; readonly check?: unknown } } {
  if (!('_zod' in value) || typeof value._zod !== 'object' || value._zod === null) return false;
  return 'def' in value._zod && typeof value._zod.def === 'object' && value._zod.def !== null;
}
