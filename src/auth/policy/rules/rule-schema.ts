import { EFFECTS } from '@ferrule/driver-kit';
import { z } from 'zod';
import { COMPARISONS } from '../arguments/argument-condition.js';

const word = z.string().min(1, 'must not be empty');

/** Not only a name, since users of other domains and other ways to be known may have it, too. */
const callerId = z
  .string()
  .regex(
    /^(?:keystone|http_basic|token|certificate):./,
    'must be keystone: and the id of a user, or http_basic:, token: or certificate: and a name',
  );

function oneOrMore<T extends z.ZodType>(schema: T) {
  return z.union([z.array(schema).min(1, 'must not be empty'), schema.transform((value) => [value])]);
}

/** A number has lost its notation: arguments with the same text would not be found. */
const number = z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), {
  error: 'must be in quotes if it is so large',
});

const listed = z.union([z.string(), number, z.boolean(), z.null()]).transform(String);

const condition = z
  .strictObject(
    Object.fromEntries(COMPARISONS.map((name) => [name, oneOrMore(listed).optional()])) as Record<
      (typeof COMPARISONS)[number],
      z.ZodOptional<ReturnType<typeof oneOrMore<typeof listed>>>
    >,
  )
  .refine((members) => Object.keys(members).length > 0, {
    error: `must have one of ${COMPARISONS.join(', ')}`,
  });

const ruleSchema = z.strictObject({
  name: word,
  decision: z.enum(['allow', 'deny'], "must be 'allow' or 'deny'"),
  actions: oneOrMore(word),
  callers: oneOrMore(callerId).optional(),
  projects: oneOrMore(word).optional(),
  roles: oneOrMore(word.toLowerCase()).optional(),
  personas: oneOrMore(word).optional(),
  drivers: oneOrMore(word).optional(),
  methods: oneOrMore(word).optional(),
  lock: z.enum(['shared', 'exclusive'], "must be 'shared' or 'exclusive'").optional(),
  effects: oneOrMore(z.enum(EFFECTS, `must be one of ${EFFECTS.join(', ')}`)).optional(),
  arguments: z.record(word, condition).optional(),
});
export type WrittenRule = z.output<typeof ruleSchema>;

export const RULE_MEMBERS: readonly string[] = Object.keys(ruleSchema.shape);
/** Only in rules whose actions are all calls. */
export const OF_CALLS = ['drivers', 'methods', 'lock', 'effects', 'arguments'] as const;

/** A file without a list was probably not written to its end. */
export const fileSchema = z.strictObject({
  rules: z.array(ruleSchema, "it has no list of rules; if it shall have none, write 'rules: []'"),
});
