import { type Effect } from '@ferrule/driver-kit';
import { type Caller } from '../../caller.js';
import { type Action } from '../defaults/actions.js';
import { type ArgumentCondition } from '../arguments/argument-condition.js';
import { impliedRoles, type PersonaSet } from '../defaults/personas.js';

/** The method of a call, as far as rules may ask for it. */
export interface CalledMethod {
  readonly name: string;
  readonly isExclusive: boolean;
  readonly effect: Effect;
}

/** A rule of the policy file. What it does not name does not matter. */
export interface Rule {
  readonly name: string;
  readonly line: number;
  readonly isAllowing: boolean;
  readonly actions: ReadonlySet<Action>;
  /** Their ids. */
  readonly callers?: ReadonlySet<string>;
  readonly projects?: ReadonlySet<string>;
  readonly roles?: ReadonlySet<string>;
  readonly personas?: PersonaSet;
  readonly drivers?: readonly RegExp[];
  readonly methods?: readonly RegExp[];
  readonly lock?: 'shared' | 'exclusive';
  readonly effects?: ReadonlySet<Effect>;
  readonly arguments: readonly ArgumentCondition[];
}

/** What is asked, but for the arguments. */
export interface Question {
  readonly caller: Caller;
  readonly personas: PersonaSet;
  readonly action: Action;
  readonly driver?: string | undefined;
  /** Undefined if the action is no call, or any method may be meant. */
  readonly method?: CalledMethod | undefined;
}

/** @returns why the rule does not match, without regard to arguments; undefined if it does. */
export function mismatch(
  rule: Rule,
  { caller, personas, action, driver, method }: Question,
): string | undefined {
  if (!rule.actions.has(action)) return 'it is for other actions';
  if (rule.callers && !(caller.id !== null && rule.callers.has(caller.id))) return 'it is for other callers';
  if (rule.projects && !(caller.projectId !== null && rule.projects.has(caller.projectId))) {
    return 'it is for callers of other projects';
  }
  if (rule.roles && !intersects(rule.roles, impliedRoles(caller.roles)))
    return 'the caller has none of its roles';
  if (rule.personas !== undefined && (rule.personas & personas) === 0) {
    return 'the caller is none of its personas';
  }
  if (rule.drivers && !(driver !== undefined && matchesAny(rule.drivers, driver))) {
    return 'it is for other drivers';
  }
  if (isAboutMethods(rule) && method === undefined) return 'it is for certain methods';
  if (method === undefined) return undefined;
  if (rule.methods && !matchesAny(rule.methods, method.name)) return 'it is for other methods';
  if (rule.lock !== undefined && (rule.lock === 'exclusive') !== method.isExclusive) {
    return `it is for methods with ${rule.lock === 'shared' ? 'a shared' : 'an exclusive'} lock`;
  }
  if (rule.effects && !rule.effects.has(method.effect))
    return `it is for methods with other effects than ${method.effect}`;
  return undefined;
}

function isAboutMethods({ methods, lock, effects, arguments: conditions }: Rule): boolean {
  return methods !== undefined || lock !== undefined || effects !== undefined || conditions.length > 0;
}

function matchesAny(patterns: readonly RegExp[], name: string): boolean {
  return patterns.some((pattern) => pattern.test(name));
}

function intersects(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const item of one) if (other.has(item)) return true;
  return false;
}
