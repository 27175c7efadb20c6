import { isSecretKey } from '@ferrule/driver-kit';
import { listed } from '../../text/listed.js';
import { type Caller } from '../caller.js';
import { type Action, isCallAction } from './defaults/actions.js';
import { type ArgumentCondition } from './arguments/argument-condition.js';
import { looseForm } from './arguments/argument-words.js';
import { CallWords } from './arguments/call-words.js';
import { type Decision } from './rules/decision.js';
import { type Ownership, type Persona, namesIn } from './defaults/personas.js';
import { type Policy } from './policy.js';
import { type CalledMethod, mismatch, type Rule } from './rules/rule.js';

/** Of an argument, in a reason. */
const SHOWN_WORDS = 5;

export interface Asked {
  readonly caller: Caller;
  readonly action: Action;
  /** Null for an action that is not on a node. */
  readonly node: Ownership | null;
  /** Only for the actions of calls. */
  readonly call?: {
    readonly driver: string;
    readonly method: CalledMethod & { readonly secretArguments: readonly string[] };
    /** As the method gets them. */
    readonly args: Readonly<Record<string, unknown>>;
  };
}

/** A rule that was tried in vain. */
export interface Passed {
  readonly rule: string;
  readonly line: number;
  /** For example `it is for other methods`. */
  readonly reason: string;
}

export interface Explanation {
  readonly decision: Decision;
  /** Of the rule that decided; null for the default. */
  readonly line: number | null;
  /** An allowing rule denies, since the value of an argument cannot be compared. */
  readonly isDoubtful: boolean;
  /** The rules before that one, in their order. */
  readonly passed: readonly Passed[];
  readonly personas: readonly Persona[];
  /** Whether the caller may see the node; if not, the answer is 404. */
  readonly isVisible: boolean;
}

/** The decision of the policy, and how it comes about. */
export function explanationOf({ current: policy }: Policy, asked: Asked): Explanation {
  const { caller, action, node, call } = asked;
  const decision = decide(policy, asked);
  const personas = policy.personas(caller, node);
  const question = { caller, personas, action, driver: call?.driver, method: call?.method };
  const rules = policy.rules;
  const index = rules.findIndex(({ name }) => name === decision.rule);
  const deciding = rules[index];
  const passed = rules.slice(0, deciding ? index : rules.length).map((rule) => {
    const reason = mismatch(rule, question) ?? unmetCondition(rule, call);
    return { rule: rule.name, line: rule.line, reason };
  });
  return {
    decision,
    line: deciding?.line ?? null,
    isDoubtful: deciding?.isAllowing === true && !decision.isAllowed,
    passed,
    personas: namesIn(personas),
    isVisible: node === null || policy.may(caller, 'baremetal:node:get', node),
  };
}

function decide(policy: Policy, { caller, action, node, call }: Asked): Decision {
  if (!call || !isCallAction(action)) return policy.decide(caller, action, node);
  return policy.rulesFor(caller, action, { ...call, node }).decide(call.args);
}

function unmetCondition(rule: Rule, call: Asked['call']): string {
  const words = new CallWords(call?.args ?? {});
  const unmet = rule.arguments.find((condition) => condition.verdict(words, rule.isAllowing) === 'fails');
  const by = unmet === undefined ? '' : comparedWords(unmet, call);
  return `its condition ${unmet?.comparison} for the argument ${unmet?.argument} is not fulfilled${by}`;
}

/** So that one sees what the method makes of the argument. Values of secret arguments are left out. */
function comparedWords({ argument }: ArgumentCondition, call: Asked['call']): string {
  if (!call) return ' by nothing';
  const secret = new Set(call.method.secretArguments);
  if (isSecretKey(argument) || secret.has(argument)) return '';
  const open = Object.entries(call.args).filter(([name]) => !secret.has(name));
  const words = [...new CallWords(Object.fromEntries(open)).of(looseForm(argument)).words];
  if (words.length === 0) return open.length < Object.keys(call.args).length ? '' : ' by nothing';
  return ` by ${listed(
    words.map((word) => `'${word}'`),
    SHOWN_WORDS,
  )}`;
}
