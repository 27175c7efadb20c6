import { type JsonSchema, resolved, typesOf } from '../arguments/json-schema.js';
import { code } from './markdown.js';

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'integer',
  number: 'number',
  boolean: '`true` or `false`',
  null: '`null`',
  object: 'object',
};
/** zod writes these for every integer. */
const SAFE = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
const ANY = 'any JSON';
const ALL_TYPES = ['string', 'number', 'boolean', 'null', 'array', 'object'];
/** References may lead back to themselves. */
const DEPTH = 4;

/** What a value may be, in words: `integer, 0 to 10`. Empty if the schema does not say it. */
export function valueText(schema: JsonSchema, root: JsonSchema, depth = 0): string {
  if (depth > DEPTH) return ANY;
  const is = resolved(schema, root);
  const next = (each: JsonSchema) => valueText(each, root, depth + 1);
  if (is.const !== undefined) return code(JSON.stringify(is.const));
  if (is.enum) return is.enum.map((value) => code(String(value))).join(', ');
  const choices = is.anyOf ?? is.oneOf;
  const [type, ...others] = choices ? choices.flatMap((each) => typesOf(resolved(each, root))) : typesOf(is);
  if (ALL_TYPES.every((each) => each === type || others.includes(each))) return ANY;
  if (choices) return [...new Set(choices.map(next))].join(', or ');
  if (type === undefined) return '';
  const first = type === 'array' ? listText(is, next) : limited(TYPES[type] ?? type, is);
  return [first, ...others.map((other) => TYPES[other] ?? other)].join(', or ');
}

function listText({ items, minItems, maxItems }: JsonSchema, next: (schema: JsonSchema) => string): string {
  const of = (typeof items === 'object' && next(items)) || ANY;
  return [`list of ${of}`, ...range(minItems, maxItems, ' items')].join(', ');
}

function limited(type: string, schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength, pattern, format } =
    schema;
  return [
    format === undefined ? type : `${type} (${format})`,
    ...range(minimum, maximum, ''),
    ...(exclusiveMinimum === undefined ? [] : [`more than ${exclusiveMinimum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`less than ${exclusiveMaximum}`]),
    ...range(minLength, maxLength, ' characters'),
    ...(pattern === undefined || format !== undefined ? [] : [`like ${code(pattern)}`]),
  ].join(', ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string[] {
  const [from, to] = [least, most].map((limit) => (SAFE.includes(limit ?? 0) ? undefined : limit));
  if (from === undefined && to === undefined) return [];
  if (unit !== '' && from === 1 && to === undefined) return ['not empty'];
  const count = from === to ? String(from) : `${from ?? 0} to ${to}`;
  return [
    to === undefined
      ? `at least ${from}${unit}`
      : from === undefined
        ? `at most ${to}${unit}`
        : `${count}${unit}`,
  ];
}
