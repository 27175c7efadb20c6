import { type Mistake, type Path } from '../../../files/yaml-file.js';
import { quotedWithHint } from '../../../text/nearest.js';
import { ACTION_NAMES, CALL_ACTIONS, isCallAction } from '../defaults/actions.js';
import { PERSONAS } from '../defaults/personas.js';
import { type Catalogue } from './catalogue.js';
import { isAny, pattern } from './pattern.js';
import { OF_CALLS, type WrittenRule } from './rule-schema.js';
import { actionsOf } from './written-rule.js';

/**
 * Names in rules that nothing has, and rules that no call can match.
 * @param lineOf of the rule with an index.
 */
export function ruleMistakes(
  rules: readonly WrittenRule[],
  catalogue: Catalogue,
  lineOf: (index: number) => number,
): Mistake[] {
  const found = rules.flatMap((rule, index) =>
    [...mistakesOf(rule), ...methodMistakes(rule, catalogue)].map(({ path, text }) => {
      return { path: ['rules', index, ...path], text: `rule '${rule.name}' ${text}` };
    }),
  );
  return [...found, ...repeatedNames(rules, lineOf)];
}

function* mistakesOf(rule: WrittenRule): Generator<Mistake> {
  for (const [index, name] of rule.actions.entries()) {
    if (!fits(name, ACTION_NAMES)) {
      yield {
        path: ['actions', index],
        text: `names the unknown action ${quotedWithHint(name, ACTION_NAMES)}`,
      };
    }
  }
  for (const [index, name] of (rule.personas ?? []).entries()) {
    if (!PERSONAS.some((persona) => persona === name)) {
      yield {
        path: ['personas', index],
        text: `names the unknown persona ${quotedWithHint(name, PERSONAS)}`,
      };
    }
  }
  if ([...actionsOf(rule)].every(isCallAction)) return;
  for (const member of OF_CALLS) {
    if (rule[member] === undefined) continue;
    yield { path: [member], text: `has ${member}, which is only for ${CALL_ACTIONS.join(' and ')}` };
  }
}

function* methodMistakes(
  { drivers = ['*'], methods = ['*'], arguments: conditions = {} }: WrittenRule,
  catalogue: Catalogue,
): Generator<Mistake> {
  // A process without drivers knows no methods.
  if (catalogue.size === 0) return;
  const enabled = [...catalogue.keys()];
  yield* unknownNames('drivers', drivers, enabled, 'which is not enabled');
  const known = [...catalogue].flatMap(([driver, each]) =>
    drivers.some((name) => pattern(name).test(driver)) ? each : [],
  );
  if (known.length === 0) return;
  const names = known.map(({ name }) => name);
  yield* unknownNames('methods', methods, names, 'which no enabled driver has');
  const matched = known.filter(({ name }) => methods.some((each) => pattern(each).test(name)));
  if (matched.length === 0 || matched.some((method) => method.arguments === undefined)) return;
  const all = matched.flatMap((method) => method.arguments ?? []);
  for (const name of Object.keys(conditions)) {
    if (all.includes(name)) continue;
    const text = `names the argument ${quotedWithHint(name, all)}, which its methods do not have`;
    yield { path: ['arguments', name], text };
  }
}

function* unknownNames(
  member: 'drivers' | 'methods',
  names: readonly string[],
  known: readonly string[],
  problem: string,
): Generator<Mistake> {
  for (const [index, name] of names.entries()) {
    if (isAny(name) || fits(name, known)) continue;
    const path: Path = [member, index];
    yield { path, text: `names the ${member.slice(0, -1)} ${quotedWithHint(name, known)}, ${problem}` };
  }
}

/** Whether a name in which `*` may be is one of the known. */
function fits(name: string, known: readonly string[]): boolean {
  const wanted = pattern(name);
  return known.some((each) => wanted.test(each));
}

function* repeatedNames(
  rules: readonly WrittenRule[],
  lineOf: (index: number) => number,
): Generator<Mistake> {
  const first = new Map<string, number>();
  for (const [index, { name }] of rules.entries()) {
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    else {
      const text = `rule '${name}' has the name of the rule in line ${lineOf(before)}`;
      yield { path: ['rules', index], text };
    }
  }
}
