import { EFFECTS } from '@ferrule/driver-kit';
import { type MethodDeclaration } from '@ferrule/driver-kit/host';
import { z } from 'zod';
import { ANY_SCHEMA, OBJECT_SCHEMA, wrongOptions } from './wrong-options.js';

const CALL = {
  http: z.array(z.string(), 'it must be a list of HTTP verbs'),
  name: z.string().optional(),
  async: z.boolean().optional(),
  attach: z.boolean().optional(),
  description: z
    .string('it must be one sentence for the listing')
    .regex(/\S/, 'it must be one sentence for the listing'),
  args: OBJECT_SCHEMA.optional(),
  returns: ANY_SCHEMA.optional(),
  effect: z.enum(EFFECTS, `it must be one of ${EFFECTS.join(', ')}`).optional(),
  since: z.string().optional(),
  deprecated: z.string().regex(/\S/, 'it must say what to use instead').optional(),
  validate: z.custom((value) => typeof value === 'function', 'it must be a function').optional(),
  timeout: z.string().optional(),
};

/** What the compiler refuses in TypeScript; a driver may be written in JavaScript. */
const OPTIONS = {
  driver: z.strictObject(CALL),
  node: z.strictObject({ ...CALL, lock: z.enum(['exclusive', 'shared']).optional() }),
};

/** What can be checked further in spite of problems in the other options. */
const READABLE = OPTIONS.node.pick({ http: true, name: true, args: true, timeout: true }).strip();

export function isReadable({ options }: MethodDeclaration): boolean {
  return READABLE.safeParse(options).success;
}

export function optionProblems({ scope, options }: MethodDeclaration): string[] {
  return wrongOptions(OPTIONS[scope], options);
}
