import { ArgumentCondition, COMPARISONS } from '../arguments/argument-condition.js';
import { ACTION_NAMES, type Action, isAction } from '../defaults/actions.js';
import { PERSONAS, personaSet } from '../defaults/personas.js';
import { pattern } from './pattern.js';
import { type Rule } from './rule.js';
import { type WrittenRule } from './rule-schema.js';

export function actionsOf({ actions }: WrittenRule): ReadonlySet<Action> {
  return new Set(
    actions.flatMap((name) =>
      isAction(name) ? [name] : ACTION_NAMES.filter((action) => pattern(name).test(action)),
    ),
  );
}

export function ruleOf(written: WrittenRule, line: number): Rule {
  const { name, decision, callers, projects, roles, personas, drivers, methods, lock, effects } = written;
  return {
    name,
    line,
    isAllowing: decision === 'allow',
    actions: actionsOf(written),
    ...(callers && { callers: new Set(callers) }),
    ...(projects && { projects: new Set(projects) }),
    ...(roles && { roles: new Set(roles) }),
    ...(personas && { personas: personaSet(PERSONAS.filter((persona) => personas.includes(persona))) }),
    ...(drivers && { drivers: drivers.map(pattern) }),
    ...(methods && { methods: methods.map(pattern) }),
    ...(lock && { lock }),
    ...(effects && { effects: new Set(effects) }),
    arguments: Object.entries(written.arguments ?? {}).flatMap(([argument, comparisons]) =>
      COMPARISONS.flatMap((comparison) => {
        const words = comparisons[comparison];
        return words === undefined ? [] : [new ArgumentCondition(argument, comparison, words)];
      }),
    ),
  };
}
