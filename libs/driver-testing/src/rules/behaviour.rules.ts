import { FerruleError, type JsonObject } from '@ferrule/driver-kit';
import fc from 'fast-check';
import { type InvalidArguments, invalidVariants, UNKNOWN } from '../arguments/invalid.js';
import { validArguments } from '../arguments/valid.js';
import { type Answer } from '../host/answer.js';
import { type Method } from '../subject/subject.js';
import { send } from '../trial/examples.js';
import { fixedOf } from '../trial/made-up.js';
import { type Trial } from '../trial/trial.js';
import { eachCall, eachExecution, type Finding, machine, type Rule, shown } from './rule.js';

/** Schemas have more samples than calls: they are fast. */
const MORE = 5;

/** Whether schema and behaviour agree, for arguments that are made up. */
export const BEHAVIOUR_RULES: readonly Rule[] = [
  machine('args-accepted', 'bronze', 'Arguments that the listed schema allows are accepted.', (trial) =>
    checkEach(trial, 'valid', async (method) => {
      const { runs, seed } = settingsOf(trial);
      const values = validArguments(method.schema, fixedOf(trial, await trial.called(), method));
      const property = fc.property(values, (args) => {
        const { error } = method.args.safeParse(args);
        if (error)
          throw new Error(`${shown(args)}: ${error.issues.map(({ message }) => message).join('; ')}`);
      });
      return problemOf(fc.check(property, { numRuns: runs * MORE, seed }));
    }),
  ),
  machine(
    'args-behaviour',
    'gold',
    'A method refuses no arguments that its schema allows.',
    eachExecution(({ origin, outcome, args }) => {
      if (origin !== 'made up' || outcome === undefined || !('error' in outcome)) return undefined;
      const { error } = outcome;
      return FerruleError.is(error) && error.status === 400
        ? `${shown(args)}: ${error.message}; let the schema say so, or name the argument in \`fixed\` of an example`
        : undefined;
    }),
  ),
  machine(
    'args-refused',
    'bronze',
    'Arguments that the listed schema forbids are answered with 400.',
    (trial) =>
      checkEach(trial, 'invalid', (method) =>
        checkInvalid(trial, method, (answer) =>
          answer.status === 400 ? undefined : `was answered with ${answer.status}`,
        ),
      ),
  ),
  machine('args-refused-first', 'bronze', 'Wrong arguments are refused before the lock is taken.', (trial) =>
    checkEach(trial, 'invalid', async (method) => {
      if (method.scope === 'driver' || method.isShared) return undefined;
      const host = await trial.host();
      const lock = await host.lock(await trial.nodeOf(method.owner));
      try {
        return await checkInvalid(trial, method, (answer) =>
          answer.status === 409 ? 'waited for the lock' : undefined,
        );
      } finally {
        await lock.release();
      }
    }),
  ),
  machine('args-refusal-names', 'silver', 'A refusal names the argument that is wrong.', (trial) =>
    checkEach(trial, 'invalid', (method) =>
      checkInvalid(trial, method, ({ status, message }, { argument }) =>
        status !== 400 || message.includes(argument) ? undefined : `was refused with: ${message}`,
      ),
    ),
  ),
  machine(
    'args-in-query',
    'gold',
    'GET and DELETE take the arguments of their examples in the query, too.',
    eachCall(async ({ method, example, args, answer }, trial) => {
      const verb = example.http ?? method.http[0];
      const isRead = verb === 'GET' && method.isShared;
      if (!isRead || Object.keys(args).length === 0 || answer === undefined) return undefined;
      const node = await trial.nodeOf(method.owner);
      const again = await send(await trial.host(), node, method, args, { http: verb, inQuery: true });
      return again.status === answer.status
        ? undefined
        : `${answer.status} with a body, ${again.status} with a query: ${again.message}`;
    }),
  ),
];

async function checkEach(
  { subject }: Trial,
  which: 'valid' | 'invalid',
  check: (method: Method) => Promise<string | undefined>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const method of subject.methods) {
    if (which === 'valid' && Object.keys(method.schema.properties ?? {}).length === 0) continue;
    const problem = await check(method);
    if (problem !== undefined) findings.push({ subject: method.id, problem });
  }
  return findings;
}

async function checkInvalid(
  trial: Trial,
  method: Method,
  judge: (answer: Answer, invalid: InvalidArguments) => string | undefined,
): Promise<string | undefined> {
  const host = await trial.host();
  const node = await trial.nodeOf(method.owner);
  const { runs, seed } = settingsOf(trial);
  const fixed = fixedOf(trial, await trial.called(), method);
  const wrong = validArguments(method.schema, fixed).chain((valid: JsonObject) => {
    const variants = invalidVariants(method.schema, valid);
    return variants.length > 0 ? fc.constantFrom(...variants) : fc.constant(undefined);
  });
  const property = fc.asyncProperty(wrong, async (invalid) => {
    if (invalid === undefined) return;
    const answer = await send(host, node, method, invalid.args);
    const problem = judge(answer, invalid);
    if (problem === undefined) return;
    const { argument, why } = invalid;
    throw new Error(
      `${shown(invalid.args)}, in which ${argument === UNKNOWN ? 'an argument' : argument} ${why}, ${problem}`,
    );
  });
  // A smaller example would need more calls, and the arguments are small already.
  return problemOf(await fc.check(property, { numRuns: runs, seed, endOnFailure: true }));
}

function problemOf<T>({ failed, errorInstance }: fc.RunDetails<T>): string | undefined {
  if (!failed) return undefined;
  return errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
}

function settingsOf({ options: { runs = 20, seed = 1 } }: Trial) {
  return { runs, seed };
}
