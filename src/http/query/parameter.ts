import { z } from 'zod';
import { BOOLEAN_WORDS, booleanOf } from './boolean.js';
import { type Since } from './query.js';
import { uuidOf } from './uuid.js';

/** What is known of a query parameter besides its values. */
export interface ParameterInfo {
  readonly since: Since;
  /** For those who explore the API; undefined where the endpoint is not documented. */
  readonly description?: string;
  /** As it would be written in a URL; works on a service that has no nodes yet. */
  readonly example?: string;
  /** What is meant without it, where the schema does not say so itself. */
  readonly default?: string | number;
}

/** Schemas of query parameters take all values that a name was given. */
export type ParameterSchema = z.ZodType<unknown, string[] | undefined>;

/** A query as a zod object; each member is made by `parameter`. */
export type QuerySchema = z.ZodObject<Readonly<Record<string, ParameterSchema>>>;

const registry = z.registry<ParameterInfo>();

/** A member of a query's schema. */
export function parameter<T extends ParameterSchema>(schema: T, info: ParameterInfo): T {
  registry.add(schema, info);
  return schema;
}

export function parameterInfo(schema: z.ZodType): ParameterInfo {
  const info = registry.get(schema);
  if (!info) throw new TypeError('A member of a query is made by `parameter`.');
  return info;
}

/** One value, as it was written. */
export function text() {
  return z
    .array(z.string())
    .max(1, 'it is given more than once')
    .transform(([only = '']) => only)
    .pipe(z.string());
}

/** A boolean in any of the words that clients use. */
export function flag() {
  return text()
    .transform((written, context) => {
      const value = booleanOf(written);
      if (value !== undefined) return value;
      context.addIssue(`'${written}' is not a boolean; one of ${BOOLEAN_WORDS} is`);
      return z.NEVER;
    })
    .pipe(z.boolean());
}

export function positiveInteger() {
  return text()
    .transform((written, context) => {
      if (!/^[+-]?\d+$/.test(written.trim())) context.addIssue(`'${written}' is not an integer`);
      else if (Number(written) <= 0) context.addIssue(`it must be positive, not ${written.trim()}`);
      else return Number(written);
      return z.NEVER;
    })
    .pipe(z.number().meta({ type: 'integer', minimum: 1 }));
}

/** Lower case with dashes, however it was written. */
export function uuid() {
  return text()
    .transform((written, context) => {
      const value = uuidOf(written);
      if (value !== undefined) return value;
      context.addIssue(`'${written}' is not a UUID`);
      return z.NEVER;
    })
    .pipe(z.string());
}

export function oneOf<const T extends readonly string[]>(values: T) {
  return text().pipe(
    z.enum(values, { error: ({ input }) => `'${String(input)}' is not one of ${values.join(', ')}` }),
  );
}

/** A comma list, which may also be given in parts: lower case, without blanks and repetitions. */
export function commaList() {
  return z
    .array(z.string())
    .transform((values) => [
      ...new Set(
        values
          .flatMap((value) => value.split(','))
          .map((item) => item.trim().toLowerCase())
          .filter((item) => item !== ''),
      ),
    ])
    .pipe(z.array(z.string()).meta({ type: 'string' }));
}
