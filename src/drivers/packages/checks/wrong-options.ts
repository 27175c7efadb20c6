import { z } from 'zod';
import { nearest } from '../../../text/nearest.js';

type Path = readonly PropertyKey[];

/** What is wrong with the options of a decorator, each a phrase about what has them. */
export function wrongOptions(schema: z.ZodObject, options: unknown): string[] {
  const { error } = schema.safeParse(options);
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownOption(key, issue.path, namesAt(schema, issue.path)));
    }
    const fault = valueAt(options, issue.path) === undefined ? 'has no option' : 'has a wrong option';
    return [`${fault} '${issue.path.join('.')}': ${issue.message}`];
  });
}

function unknownOption(key: string, path: Path, known: readonly string[]): string {
  const prefix = path.map((part) => `${String(part)}.`).join('');
  const meant = nearest(key, known);
  const guess = meant === undefined ? '' : ` (did you mean '${meant}'?)`;
  return `has an unknown option '${prefix}${key}'${guess}; it may have ${known.join(', ')}`;
}

function namesAt(schema: z.ZodObject, path: Path): string[] {
  const [first, ...rest] = path;
  if (first === undefined) return Object.keys(schema.shape);
  const member: unknown = schema.shape[String(first)];
  return member instanceof z.ZodObject ? namesAt(member, rest) : [];
}

function valueAt(value: unknown, path: Path): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return typeof value === 'object' && value !== null ? valueAt(Reflect.get(value, first), rest) : undefined;
}

/** Of any copy of zod 4. */
function isSchema(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

function isObjectSchema(value: unknown): boolean {
  return isSchema(value) && 'shape' in value && 'strict' in value && typeof value.strict === 'function';
}

/** Names are shown in tables and logs. */
export const NAME = z
  .string('it must be a text')
  .min(1, 'it must not be empty')
  .regex(/^\P{Cc}*$/u, 'it must have no control characters');

export const OBJECT_SCHEMA = z.custom(isObjectSchema, 'it must be a z.object of zod 4');

export const ANY_SCHEMA = z.custom(isSchema, 'it must be a schema of zod 4');
