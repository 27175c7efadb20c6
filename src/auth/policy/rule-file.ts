import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { type z } from 'zod';
import { contentOf } from '../files/yaml-content.js';
import { FileProblem } from '../../config/watched-file.js';
import { nearest } from '../../text/nearest.js';
import { ACTION_NAMES, type Action, CALL_ACTIONS, isAction } from './actions.js';
import { ArgumentCondition, COMPARISONS } from './argument-condition.js';
import { type Catalogue } from './catalogue.js';
import { PERSONAS, personaSet } from './personas.js';
import { isAny, pattern } from './pattern.js';
import { type Rule } from './rule.js';
import { fileSchema, type WrittenRule } from './rule-schema.js';
import { Rules } from './rules.js';

type Path = readonly PropertyKey[];

/**
 * Reads the rules of a policy file.
 * @param catalogue the methods of the enabled drivers.
 * @param serviceProject FERRULE_SERVICE_PROJECT
 * @throws FileProblem with all that is wrong, each with its line.
 */
export function rulesIn(text: string, catalogue: Catalogue, serviceProject?: string): Rules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: { readonly line: number; readonly text: string }[] = document.errors.map(
    ({ pos: [at], message }) => {
      return { line: lines.linePos(at).line, text: message.replace(/\.?$/, '') };
    },
  );
  const lineOf = (path: Path): number => lines.linePos(positionOf(document, path)).line;
  const list: Rule[] = [];
  if (problems.length === 0) {
    const parsed = fileSchema.safeParse(contentOf(document) ?? { rules: null });
    const tell = (path: Path, what: string): void => void problems.push({ line: lineOf(path), text: what });
    if (parsed.success) {
      for (const [index, written] of parsed.data.rules.entries()) {
        const path = ['rules', index];
        checkRule(written, catalogue, (below, what) =>
          tell([...path, ...below], `rule '${written.name}' ${what}`),
        );
        list.push(ruleOf(written, lineOf(path)));
      }
      checkNames(list, (line, what) => problems.push({ line, text: what }));
    } else for (const issue of parsed.error.issues) tell(...problemOf(issue));
  }
  if (problems.length > 0) {
    const sorted = problems.sort((a, b) => a.line - b.line);
    throw new FileProblem(sorted.map(({ line, text: what }) => `line ${line}: ${what}`));
  }
  return new Rules(list, serviceProject);
}

/** Of the value at a path, or of the last member on the way to it that exists. */
function positionOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const [above, last] = [path.slice(0, length - 1), path[length - 1]];
    const parent: unknown = document.getIn(above, true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
      if (pair && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const found: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(found)) return found.range?.[0] ?? 0;
  }
  return 0;
}

function problemOf(issue: z.core.$ZodIssue): [Path, string] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = path.length === 0 ? ['rules'] : path.length === 2 ? RULE_MEMBERS : COMPARISONS;
    return [[...path, key], `${key} is not known here${meant(key, known)}`];
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat().find(({ code }) => code !== 'invalid_type');
    const where = [...path, ...(inner?.path ?? [])];
    return [where, `${shown(path)} ${inner?.message ?? 'must be a text, or a list of texts'}`];
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('undefined'))
    return [path, `${shown(path)} is missing`];
  return [path, `${shown(path)} ${issue.message}`.trim()];
}

const RULE_MEMBERS = [
  'name',
  'decision',
  'actions',
  'callers',
  'projects',
  'roles',
  'personas',
  'drivers',
  'methods',
  'lock',
  'effects',
  'arguments',
];

function shown(path: Path): string {
  return path
    .slice(2)
    .filter((part) => typeof part === 'string')
    .join('.');
}

type Tell = (path: Path, what: string) => void;

function checkRule(written: WrittenRule, catalogue: Catalogue, tell: Tell): void {
  const actions = actionsOf(written);
  for (const [index, name] of written.actions.entries()) {
    if (!ACTION_NAMES.some((action) => pattern(name).test(action))) {
      tell(['actions', index], `names the unknown action ${quoted(name, ACTION_NAMES)}`);
    }
  }
  for (const [index, name] of (written.personas ?? []).entries()) {
    if (!PERSONAS.some((persona) => persona === name)) {
      tell(['personas', index], `names the unknown persona ${quoted(name, PERSONAS)}`);
    }
  }
  const ofCalls = (['drivers', 'methods', 'lock', 'effects', 'arguments'] as const).filter(
    (member) => written[member] !== undefined,
  );
  const isOfCalls = [...actions].every((action) => CALL_ACTIONS.some((each) => each === action));
  for (const member of isOfCalls ? [] : ofCalls) {
    tell([member], `has ${member}, which is only for ${CALL_ACTIONS.join(' and ')}`);
  }
  checkMethods(written, catalogue, tell);
}

function checkMethods(
  { drivers = ['*'], methods = ['*'], arguments: conditions = {} }: WrittenRule,
  catalogue: Catalogue,
  tell: Tell,
): void {
  const names = [...catalogue.keys()];
  for (const [index, name] of drivers.entries()) {
    if (!isAny(name) && !names.some((driver) => pattern(name).test(driver))) {
      tell(['drivers', index], `names the driver ${quoted(name, names)}, which is not enabled`);
    }
  }
  const known = [...catalogue].flatMap(([driver, each]) =>
    drivers.some((name) => pattern(name).test(driver)) ? each : [],
  );
  if (known.length === 0) return;
  for (const [index, name] of methods.entries()) {
    if (!isAny(name) && !known.some((method) => pattern(name).test(method.name))) {
      const all = known.map((method) => method.name);
      tell(['methods', index], `names the method ${quoted(name, all)}, which no enabled driver has`);
    }
  }
  const meantMethods = known.filter((method) => methods.some((name) => pattern(name).test(method.name)));
  if (meantMethods.length === 0 || meantMethods.some((method) => method.arguments === undefined)) return;
  const all = meantMethods.flatMap((method) => method.arguments ?? []);
  for (const name of Object.keys(conditions)) {
    if (!all.includes(name))
      tell(['arguments', name], `names the argument ${quoted(name, all)}, which its methods do not have`);
  }
}

function quoted(name: string, known: readonly string[]): string {
  return `'${name}'${meant(name, known, ' (did you mean ', '?)')}`;
}

function meant(name: string, known: readonly string[], before = '; did you mean ', after = '?'): string {
  const similar = nearest(name, known);
  return similar === undefined ? '' : `${before}${similar}${after}`;
}

function checkNames(rules: readonly Rule[], tell: (line: number, what: string) => void): void {
  const first = new Map<string, number>();
  for (const { name, line } of rules) {
    const before = first.get(name);
    if (before === undefined) first.set(name, line);
    else tell(line, `rule '${name}' has the name of the rule in line ${before}`);
  }
}

function actionsOf({ actions }: WrittenRule): ReadonlySet<Action> {
  return new Set(
    actions.flatMap((name) =>
      isAction(name) ? [name] : ACTION_NAMES.filter((action) => pattern(name).test(action)),
    ),
  );
}

function ruleOf(written: WrittenRule, line: number): Rule {
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
