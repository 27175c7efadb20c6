import { FerruleError } from '@ferrule/driver-kit';
import fc from 'fast-check';
import { UNKNOWN } from '../arguments/invalid.js';
import { validArguments } from '../arguments/valid.js';
import { type Method } from '../subject/subject.js';
import { fixedOf } from '../trial/made-up.js';
import { type Refusal } from '../trial/refusals.js';
import { eachCall, eachExecution, type Finding, machine, type Rule, shown } from './rule.js';

/** Schemas have more samples than calls: they are fast. */
const MORE = 5;

/** Whether schema and behaviour agree, for arguments that are made up. */
export const BEHAVIOUR_RULES: readonly Rule[] = [
  machine(
    'args-accepted',
    'bronze',
    'Arguments that the listed schema allows are accepted.',
    async (trial) => {
      const { runs = 20, seed = 1 } = trial.options;
      const called = await trial.called();
      return trial.subject.methods.filter(takesArguments).flatMap((method): Finding[] => {
        const values = validArguments(method.schema, fixedOf(trial, called, method));
        const property = fc.property(values, (args) => {
          const { error } = method.args.safeParse(args);
          if (error)
            throw new Error(`${shown(args)}: ${error.issues.map(({ message }) => message).join('; ')}`);
        });
        const problem = problemOf(fc.check(property, { numRuns: runs * MORE, seed }));
        return problem === undefined ? [] : [{ subject: method.id, problem }];
      });
    },
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
    eachRefusal(({ answer }) =>
      answer.status === 400 ? undefined : `was answered with ${answer.status}: ${answer.message}`,
    ),
  ),
  machine(
    'args-refused-first',
    'bronze',
    'Wrong arguments are refused before the lock is taken.',
    eachRefusal(({ answer, hasWaited }) =>
      answer.status === 400 && hasWaited ? 'was refused after the lock was taken' : undefined,
    ),
  ),
  machine(
    'args-refusal-names',
    'silver',
    'A refusal names the argument that is wrong.',
    eachRefusal(({ answer, invalid: { argument } }) =>
      answer.status !== 400 || answer.message.includes(argument)
        ? undefined
        : `was refused with: ${answer.message}`,
    ),
  ),
  machine(
    'args-in-query',
    'gold',
    'Reads take the arguments of their examples in the query, too.',
    eachCall(({ answer, repeats }) =>
      repeats?.inQuery === undefined || repeats.inQuery.status === answer?.status
        ? undefined
        : `${answer?.status} with a body, ${repeats.inQuery.status} with a query: ${repeats.inQuery.message}`,
    ),
  ),
];

function eachRefusal(problemOf: (refusal: Refusal) => string | undefined): NonNullable<Rule['check']> {
  return async (trial) => {
    const findings = new Map<string, Finding>();
    for (const refusal of await trial.refusals()) {
      const { id: subject } = refusal.method;
      const { argument, args, why } = refusal.invalid;
      const what = problemOf(refusal);
      if (what === undefined || findings.has(subject)) continue;
      const name = argument === UNKNOWN ? 'an argument' : argument;
      findings.set(subject, { subject, problem: `${shown(args)}, in which ${name} ${why}, ${what}` });
    }
    return [...findings.values()];
  };
}

function problemOf<T>({ failed, errorInstance }: fc.RunDetails<T>): string | undefined {
  if (!failed) return undefined;
  return errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
}

function takesArguments({ schema }: Method): boolean {
  return Object.keys(schema.properties ?? {}).length > 0;
}
