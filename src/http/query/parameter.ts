import { z } from 'zod';
import { BOOLEAN_WORDS, booleanOf } from './boolean.js';
import { type Since } from './query.js';
import { uuidOf } from './uuid.js';

export interface ParameterInfo {
  readonly since: Since;
  /** For the OpenAPI document; undefined where the endpoint is not in it. */
  readonly description?: string;
  /** As written in a URL; must work on a service without nodes. */
  readonly example?: string;
  readonly default?: string | number;
}

export type ParameterSchema = z.ZodType<unknown, string[] | undefined>;

/** Each member must be made by `parameter`. */
export type QuerySchema = z.ZodObject<Readonly<Record<string, ParameterSchema>>>;

const registry = z.registry<ParameterInfo>();

export function parameter<T extends ParameterSchema>(schema: T, info: ParameterInfo): T {
  registry.add(schema, info);
  return schema;
}

export function parameterInfo(schema: z.ZodType): ParameterInfo {
  const info = registry.get(schema);
  if (!info) throw new TypeError('A member of a query is made by `parameter`.');
  return info;
}

export function text() {
  return z
    .array(z.string())
    .max(1, 'it is given more than once')
    .transform(([only = '']) => only)
    .pipe(z.string());
}

export function flag() {
  return text()
    .transform((written, context) => {
      const value = booleanOf(written);
      if (value !== undefined) return value;
      context.addIssue(`'${written}' is not a boolean; expected one of ${BOOLEAN_WORDS}`);
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

/** A comma list, also from repeated parameters; lower-cased, trimmed and without duplicates. */
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
