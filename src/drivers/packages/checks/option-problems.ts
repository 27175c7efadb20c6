import { EFFECTS } from '@ferrule/driver-kit';
import { type MethodDeclaration, type PeriodicDeclaration } from '@ferrule/driver-kit/host';
import { LONGEST_TIMER, milliseconds } from '@ferrule/driver-kit/plain';
import { z } from 'zod';
import { reasonOf } from '../../../logging/reason-of.js';
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
  node: z.strictObject({
    ...CALL,
    lock: z.enum(['exclusive', 'shared']).optional(),
    rehearsal: z.boolean().optional(),
  }),
};

/** What can be checked further in spite of problems in the other options. */
const READABLE = OPTIONS.node.pick({ http: true, name: true, args: true, timeout: true }).strip();

export function isReadable({ options }: MethodDeclaration): boolean {
  return READABLE.safeParse(options).success;
}

export function optionProblems({ scope, options }: MethodDeclaration): string[] {
  return wrongOptions(OPTIONS[scope], options);
}

export function timeoutProblems(timeout: string | undefined): string[] {
  if (timeout === undefined) return [];
  try {
    const length = milliseconds(timeout);
    if (length === 0) return ['has a timeout of 0'];
    return length > LONGEST_TIMER ? [`has the timeout '${timeout}', which is longer than 24 days`] : [];
  } catch (error) {
    return [`has an invalid timeout: ${reasonOf(error)}`];
  }
}

const PERIODIC = z.strictObject({
  every: z.string("it must be a duration like '5m'"),
  scope: z.enum(['node', 'driver'], 'it must be node or driver'),
  lock: z.enum(['exclusive', 'shared'], 'it must be exclusive or shared').optional(),
  timeout: z.string("it must be a duration like '30m'").optional(),
  description: z.string().optional(),
});

/** Milliseconds. */
const SHORTEST_INTERVAL = 1_000;
/** With the jitter, it must be shorter than the longest timer. */
const LONGEST_INTERVAL = LONGEST_TIMER / 1.2;

export function periodicProblems({ options }: PeriodicDeclaration): string[] {
  const problems = wrongOptions(PERIODIC, options);
  if (PERIODIC.pick({ scope: true, lock: true }).strip().safeParse(options).success) {
    if (options.scope === 'driver' && options.lock !== undefined)
      problems.push("has an option 'lock', but with the scope driver there is no node to lock");
  }
  if (typeof options.every === 'string') problems.push(...intervalProblems(options.every));
  if (typeof options.timeout === 'string') problems.push(...timeoutProblems(options.timeout));
  return problems;
}

function intervalProblems(every: string): string[] {
  try {
    const interval = milliseconds(every);
    const isFine = interval >= SHORTEST_INTERVAL && interval <= LONGEST_INTERVAL;
    return isFine ? [] : [`has the interval '${every}'; it may be from 1 second to 20 days`];
  } catch (error) {
    return [`has a wrong option 'every': ${reasonOf(error)}`];
  }
}
