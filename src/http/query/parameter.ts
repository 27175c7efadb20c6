import { z } from 'zod';
import { BOOLEAN_WORDS, booleanOf } from './boolean.js';
import { macOf } from './mac.js';
import { uuidOf } from './uuid.js';

/** N of 1.N. Below it the answer is 406, or 400 with `before: 'unexpected'`. */
export type Since = number | { readonly since: number; readonly before: 'unexpected' };

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

/** Stands for the parameter's name in the messages below, which are whole sentences, partly in Ironic's words. */
export const NAME = '{name}';
const GIVEN_TWICE = `Invalid ${NAME}: it is given more than once.`;

export function text() {
  return z
    .array(z.string())
    .max(1, GIVEN_TWICE)
    .transform(([only = '']) => only)
    .pipe(z.string());
}

export function flag() {
  return text()
    .transform((written, context) => {
      const value = booleanOf(written);
      if (value !== undefined) return value;
      context.addIssue(`Invalid ${NAME}: '${written}' is not a boolean; expected one of ${BOOLEAN_WORDS}.`);
      return z.NEVER;
    })
    .pipe(z.boolean());
}

export function pageLimit() {
  return text()
    .transform((written, context) => {
      if (!/^[+-]?\d+$/.test(written.trim())) {
        context.addIssue(`Expected an integer for ${NAME}: ${written.trim()}`);
      } else if (Number(written) <= 0) context.addIssue('Limit must be positive');
      // Ironic takes any size; the page's own limit is smaller.
      else return Math.min(Number(written), Number.MAX_SAFE_INTEGER);
      return z.NEVER;
    })
    .pipe(z.number().meta({ type: 'integer', minimum: 1 }));
}

/** Of PostgreSQL's bigint. */
const LARGEST = 2n ** 63n - 1n;

/** As text, since it may be large: an integer of PostgreSQL of 64 bits. */
export function wholeNumber() {
  return text()
    .transform((written, context) => {
      if (/^\d+$/.test(written) && BigInt(written) <= LARGEST) return String(BigInt(written));
      context.addIssue(`Invalid ${NAME} '${written}': it must be a whole number, at most ${LARGEST}.`);
      return z.NEVER;
    })
    .pipe(z.string());
}

/** Whole ones. */
export function seconds(most: number) {
  return text()
    .transform((written, context) => {
      if (/^\d+$/.test(written) && Number(written) <= most) return Number(written);
      context.addIssue(
        `Invalid ${NAME} '${written}': it must be a whole number of seconds, at most ${most}.`,
      );
      return z.NEVER;
    })
    .pipe(z.number());
}

/** With a time zone. */
export function time() {
  return text().pipe(
    z.iso.datetime({ offset: true, error: `Invalid ${NAME}: expected a time such as 2026-03-01T08:15:30Z.` }),
  );
}

export function uuid() {
  return text()
    .transform((written, context) => {
      const value = uuidOf(written);
      if (value !== undefined) return value;
      context.addIssue(`Expected a UUID for ${NAME}: ${written}`);
      return z.NEVER;
    })
    .pipe(z.string());
}

export function mac() {
  return text()
    .transform((written, context) => {
      const address = macOf(written);
      if (address !== undefined) return address;
      context.addIssue(`Expected a MAC address for ${NAME}: ${written}`);
      return z.NEVER;
    })
    .pipe(z.string());
}

export function oneOf<const T extends readonly string[]>(
  values: T,
  problem = (written: string) => `Invalid ${NAME} '${written}'; one of: ${values.join(', ')}.`,
) {
  return text().pipe(z.enum(values, { error: ({ input }) => problem(String(input)) }));
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
