import { z } from 'zod';
import { schemaOf } from '../arguments/json-schema.js';
import { refusedNow } from './schema-changes.js';

const text = z.string();

describe('refusedNow', () => {
  it.each<[change: string, before: z.ZodObject, after: z.ZodObject]>([
    ['nothing', z.strictObject({ a: text }), z.strictObject({ a: text })],
    ['an argument that is added', z.strictObject({}), z.strictObject({ a: text.optional() })],
    ['an argument that is optional now', z.strictObject({ a: text }), z.strictObject({ a: text.optional() })],
    ['a wider type', z.strictObject({ a: z.int() }), z.strictObject({ a: z.number() })],
    ['more values', z.strictObject({ a: z.enum(['x']) }), z.strictObject({ a: z.enum(['x', 'y']) })],
    ['wider limits', z.strictObject({ a: text.max(5) }), z.strictObject({ a: text.max(6) })],
    ['unknown arguments', z.strictObject({ a: text }), z.looseObject({})],
  ])('is nothing for %s', (_, before, after) => {
    expect(refusedNow(schemaOf(before), schemaOf(after))).toEqual([]);
  });

  it.each<[sentence: string, before: z.ZodObject, after: z.ZodObject]>([
    ['argument a is gone', z.strictObject({ a: text }), z.strictObject({})],
    ['argument a is required now', z.strictObject({ a: text.optional() }), z.strictObject({ a: text })],
    ['unknown arguments are refused now', z.looseObject({}), z.strictObject({})],
    ['argument a must be of type string now', z.strictObject({ a: z.json() }), z.strictObject({ a: text })],
    [
      'argument a may no longer be of type number',
      z.strictObject({ a: z.number() }),
      z.strictObject({ a: z.int() }),
    ],
    [
      'argument a may no longer be "y"',
      z.strictObject({ a: z.enum(['x', 'y']) }),
      z.strictObject({ a: z.enum(['x']) }),
    ],
    ['argument a may only be "x"', z.strictObject({ a: text }), z.strictObject({ a: z.enum(['x']) })],
    ['argument a has the maxLength 5', z.strictObject({ a: text }), z.strictObject({ a: text.max(5) })],
    [
      'argument a has the minimum 2',
      z.strictObject({ a: z.int().min(1) }),
      z.strictObject({ a: z.int().min(2) }),
    ],
    [
      'argument a must match another pattern: ^x',
      z.strictObject({ a: text }),
      z.strictObject({ a: text.regex(/^x/) }),
    ],
    [
      'argument a[].b is gone',
      z.strictObject({ a: z.array(z.strictObject({ b: text })) }),
      z.strictObject({ a: z.array(z.strictObject({})) }),
    ],
  ])('finds: %s', (sentence, before, after) => {
    expect(refusedNow(schemaOf(before), schemaOf(after))).toContain(sentence);
  });
});
