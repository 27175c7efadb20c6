import { GRADES, RULES } from '../rules/index.js';
import { type Finding, type Rule } from '../rules/rule.js';
import { type DriverCheckOptions } from '../subject/options.js';
import { type Trial } from '../trial/trial.js';

/** The rule about the start, without which the others mean nothing. */
const START = 'module-starts';

/** What came of a rule. */
export interface Verdict {
  readonly rule: Rule;
  readonly state: 'passed' | 'failed' | 'exempt' | 'by hand' | 'unchecked';
  /** What breaks the rule, without what is exempt. */
  readonly findings: readonly Finding[];
  /** Of an exemption, of a check by hand, or why it could not be checked. */
  readonly reason?: string;
}

/**
 * The rules up to the grade of the options.
 * @throws TypeError naming the rules of the options that do not exist
 */
export function rulesFor({ grade = 'gold', exempt = {}, checked = {} }: DriverCheckOptions): Rule[] {
  const known = new Set(RULES.map(({ id }) => id));
  const unknown = [...Object.keys(exempt), ...Object.keys(checked)].filter((id) => !known.has(id));
  if (unknown.length > 0) throw new TypeError(`There are no rules ${unknown.join(', ')}.`);
  return RULES.filter((rule) => GRADES.indexOf(rule.grade) <= GRADES.indexOf(grade));
}

/** A verdict that needs no check; undefined if the rule must be checked. */
export function settled({ options }: Pick<Trial, 'options'>, rule: Rule): Verdict | undefined {
  if (rule.check !== undefined) return undefined;
  const exemption = options.exempt?.[rule.id];
  if (typeof exemption === 'string') return { rule, state: 'exempt', findings: [], reason: exemption };
  const reason = options.checked?.[rule.id];
  return reason === undefined
    ? { rule, state: 'by hand', findings: [] }
    : { rule, state: 'passed', findings: [], reason };
}

export async function evaluate(trial: Trial, rule: Rule): Promise<Verdict> {
  const verdict = settled(trial, rule);
  if (verdict || rule.check === undefined) return verdict ?? { rule, state: 'by hand', findings: [] };
  const exemption = trial.options.exempt?.[rule.id] ?? {};
  try {
    return judged(rule, await rule.check(trial), exemption);
  } catch (error) {
    if (rule.id !== START && (await trial.startProblem()) !== undefined) {
      return { rule, state: 'unchecked', findings: [], reason: `The service does not start: see ${START}.` };
    }
    if (typeof exemption === 'string') return { rule, state: 'exempt', findings: [], reason: exemption };
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { rule, state: 'failed', findings: [{ subject: trial.subject.module.name, problem }] };
  }
}

/** An exemption that nothing needs is a finding, too. */
function judged(
  rule: Rule,
  all: readonly Finding[],
  exemption: string | Readonly<Record<string, string>>,
): Verdict {
  if (typeof exemption === 'string') {
    if (all.length > 0) return { rule, state: 'exempt', findings: [], reason: exemption };
    return { rule, state: 'failed', findings: [unneeded(rule.id)] };
  }
  const patterns = Object.keys(exemption);
  const findings = [
    ...all.filter(({ subject }) => !patterns.some((pattern) => isMatch(subject, pattern))),
    ...patterns.filter((pattern) => !all.some(({ subject }) => isMatch(subject, pattern))).map(unneeded),
  ];
  return { rule, state: findings.length === 0 ? 'passed' : 'failed', findings };
}

function unneeded(subject: string): Finding {
  return { subject, problem: 'it is exempt, but keeps the rule: remove the exemption' };
}

/** @param pattern in which `*` is any text. */
function isMatch(subject: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(subject);
}
