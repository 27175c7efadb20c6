import { z } from 'zod';
import { schemaOf } from '../arguments/json-schema.js';
import { missingNow } from './result-changes.js';

const text = z.string();
const changes = (before: z.ZodType, after: z.ZodType) =>
  missingNow(schemaOf(before, 'output'), schemaOf(after, 'output'));

describe('missingNow', () => {
  it.each<[change: string, before: z.ZodType, after: z.ZodType]>([
    ['the same result', z.object({ a: text }), z.object({ a: text })],
    ['a member that is added', z.object({}), z.object({ a: text })],
    ['a member that is always there now', z.object({ a: text.optional() }), z.object({ a: text })],
    ['a narrower type', z.number(), z.int()],
    ['any JSON', z.json(), z.json()],
  ])('is nothing for %s', (_, before, after) => {
    expect(changes(before, after)).toEqual([]);
  });

  it.each<[sentence: string, before: z.ZodType, after: z.ZodType]>([
    ["the result's fan is gone", z.object({ fan: text }), z.object({ fans: text })],
    [
      "the result's fans[].rpm is gone",
      z.object({ fans: z.array(z.object({ rpm: z.int() })) }),
      z.object({ fans: z.array(z.object({ speed: z.int() })) }),
    ],
    ["the result's fan may be missing now", z.object({ fan: text }), z.object({ fan: text.optional() })],
    ["the result's fan may be of type number now", z.object({ fan: z.int() }), z.object({ fan: z.number() })],
    ['the result may be of type string now', z.int(), text],
  ])('finds: %s', (sentence, before, after) => {
    expect(changes(before, after)).toEqual([sentence]);
  });
});
