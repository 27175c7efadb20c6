import { FerruleError } from '@ferrule/driver-kit';
import { send } from '../trial/examples.js';
import { type Execution } from '../trial/execution.js';
import { eachExecution, type Finding, machine, type Rule, shown } from './rule.js';

/** What methods throw. */
export const ERROR_RULES: readonly Rule[] = [
  machine(
    'error-kinds',
    'bronze',
    'Methods throw the errors of the kit, unless they were aborted.',
    eachExecution((execution) => {
      const error = errorOf(execution);
      if (error === undefined || FerruleError.is(error.thrown)) return undefined;
      return `${shown(execution.args)}: it threw ${textOf(error.thrown)}`;
    }),
  ),
  machine(
    'error-sentence',
    'silver',
    'Messages of errors are sentences on one line.',
    eachExecution((execution) => {
      const thrown = errorOf(execution)?.thrown;
      if (!FerruleError.is(thrown)) return undefined;
      const { message } = thrown;
      if (/\n/.test(message)) return `it has several lines: ${shown(message)}`;
      return /\S+\s+\S+/.test(message) ? undefined : `it says too little: '${message}'`;
    }),
  ),
  machine(
    'error-unreachable',
    'gold',
    'An unreachable BMC is reported as a BmcError: 502 or 504 as a problem document.',
    async (trial) => {
      const { unreachable } = trial.options;
      const problem = 'give `unreachable`, changes to driver_info with which no BMC can be reached';
      if (unreachable === undefined) return [{ subject: trial.subject.module.name, problem }];
      const findings: Finding[] = [];
      const host = await trial.host();
      for (const { method, args, example } of await trial.called()) {
        if (method.scope === 'driver' || !method.isShared || method.isAsync || example.fails !== undefined)
          continue;
        const node = await trial.newNode(method.owner, unreachable);
        const answer = await send(
          host,
          node,
          method,
          args,
          example.http === undefined ? {} : { http: example.http },
        );
        const observed = trial.observed().findLast((each) => each.method === method);
        const thrown = observed && errorOf(observed)?.thrown;
        const isTold = FerruleError.is(thrown) && [502, 504].includes(thrown.problemStatus);
        if (!isTold)
          findings.push({ subject: method.id, problem: `${answer.status}: ${shown(answer.message)}` });
      }
      return findings;
    },
  ),
];

/** What was thrown, unless by a method that was aborted: it may throw anything then. */
function errorOf({ outcome, isAborted }: Execution): { readonly thrown: unknown } | undefined {
  return outcome && 'error' in outcome && !isAborted ? { thrown: outcome.error } : undefined;
}

/** Also of an error of another realm, as the test runners have them. */
function textOf(thrown: unknown): string {
  const isError = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  return isError ? `${thrown.constructor.name}: ${String(thrown.message)}` : shown(thrown);
}
