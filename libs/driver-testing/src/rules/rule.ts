import { type Grade } from '../subject/options.js';
import { type Method } from '../subject/subject.js';
import { type Called } from '../trial/examples.js';
import { type Execution } from '../trial/execution.js';
import { type Trial } from '../trial/trial.js';

/** Something that breaks a rule. */
export interface Finding {
  /** What it is about: `acme.flash_firmware`, `acme.flash_firmware image`, `acme_address`. */
  readonly subject: string;
  readonly problem: string;
}

type Findings = readonly Finding[] | Promise<readonly Finding[]>;

/** A rule for drivers. */
export interface Rule {
  readonly id: string;
  readonly grade: Grade;
  readonly title: string;
  /** Undefined: somebody must check it by hand. */
  readonly check: ((trial: Trial) => Findings) | undefined;
}

/** A rule that the machine checks. */
export function machine(id: string, grade: Grade, title: string, check: NonNullable<Rule['check']>): Rule {
  return { id, grade, title, check };
}

/** A rule of the checklist. */
export function byHand(id: string, grade: Grade, title: string): Rule {
  return { id, grade, title, check: undefined };
}

/** A rule about single methods, as they are declared. */
export function eachMethod(problemOf: (method: Method) => string | undefined): NonNullable<Rule['check']> {
  return ({ subject }) => found(subject.methods, ({ id }) => id, problemOf);
}

/** A rule about runs of methods. Only the first finding of a method counts. */
export function eachExecution(
  problemOf: (execution: Execution, trial: Trial) => string | undefined | Promise<string | undefined>,
): NonNullable<Rule['check']> {
  return async (trial) => firstOfEach(await trial.executions(), (each) => problemOf(each, trial));
}

/** A rule about examples. Only the first finding of a method counts. */
export function eachCall(
  problemOf: (call: Called, trial: Trial) => string | undefined | Promise<string | undefined>,
): NonNullable<Rule['check']> {
  return async (trial) => firstOfEach(await trial.called(), (each) => problemOf(each, trial));
}

/** Findings of those that have a problem. */
export function found<T>(
  all: readonly T[],
  subjectOf: (each: T) => string,
  problemOf: (each: T) => string | undefined,
): Finding[] {
  return all.flatMap((each) => {
    const problem = problemOf(each);
    return problem === undefined ? [] : [{ subject: subjectOf(each), problem }];
  });
}

async function firstOfEach<T extends { readonly method: Method }>(
  all: readonly T[],
  problemOf: (each: T) => string | undefined | Promise<string | undefined>,
): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  for (const each of all) {
    const { id: subject } = each.method;
    const problem = findings.has(subject) ? undefined : await problemOf(each);
    if (problem !== undefined) findings.set(subject, { subject, problem });
  }
  return [...findings.values()];
}

/** A short text of a value, for messages. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
