import {
  type Action,
  ACTION_NAMES,
  defaultPersonas,
  isAction,
  isCallAction,
  isOnNode,
} from '../../auth/policy/defaults/actions.js';
import { namesIn } from '../../auth/policy/defaults/personas.js';
import { type Asked, type Explanation, explanationOf } from '../../auth/policy/explanation.js';
import { StartError } from '../../config/start-error.js';
import { type Setup } from '../../setup.js';
import { nearest } from '../../text/nearest.js';
import { askedCaller, type CallerOptions } from './asked-caller.js';
import { askedArguments, askedMethod, type MethodOptions } from './asked-method.js';

export interface Question extends CallerOptions, MethodOptions {
  readonly action?: string | undefined;
  readonly owner?: string | undefined;
  readonly lessee?: string | undefined;
}

export interface Answer {
  readonly explanation: Explanation;
  /** Of the caller. */
  readonly roles: readonly string[];
  readonly isAllowed: boolean;
}

/** @throws StartError if nothing can be said. */
export function answerOf(
  { config, policy, drivers }: Pick<Setup, 'config' | 'policy' | 'drivers'>,
  question: Question,
): Answer {
  const caller = askedCaller(question, config);
  const action = actionOf(question);
  const { owner = null, lessee = null } = question;
  const node = isOnNode(action) ? { owner, lessee } : null;
  if (node === null && (owner ?? lessee) !== null) {
    throw new StartError(`${action} is not on a node: leave --owner and --lessee out.`);
  }
  const explained = (asked: Asked): Answer => {
    const explanation = explanationOf(policy, asked);
    const isAllowed = explanation.decision.isAllowed && explanation.isVisible;
    return { roles: caller.roles, explanation, isAllowed };
  };
  if (isCallAction(action)) {
    const call = askedMethod(action, question, drivers);
    const isFixed = policy.rulesFor(caller, action, { ...call, node }).fixed !== undefined;
    // A decision for all arguments needs none, not even those that the method requires.
    const args = isFixed && question.args === undefined ? {} : askedArguments(call.method, question.args);
    return explained({ caller, action, node, call: { ...call, args } });
  }
  if (question.driver ?? question.method ?? question.args) {
    throw new StartError(`${action} is not a call: leave --driver, --method and --args out.`);
  }
  return explained({ caller, action, node });
}

function actionOf({ action = 'baremetal:node:vendor_passthru' }: Question): Action {
  if (isAction(action)) return action;
  const meant = nearest(action, ACTION_NAMES);
  throw new StartError(
    `There is no action '${action}'${meant === undefined ? '; "ferrule policy show" names all' : `; did you mean ${meant}?`}`,
  );
}

/** Members of a JSON object. */
export function documentOf({ explanation, roles, isAllowed }: Answer) {
  const { decision, line, isDoubtful, passed, personas, isVisible } = explanation;
  const { action, rule } = decision;
  return {
    allowed: isAllowed,
    action,
    rule,
    line,
    is_doubtful: isDoubtful,
    is_visible: isVisible,
    roles,
    personas,
    passed,
  };
}

/** @param what is decided about, for example the action. */
export function decisionText(what: string, { decision, line, isDoubtful }: Explanation): string {
  const { action, rule } = decision;
  const verdict = decision.isAllowed ? 'allowed' : 'denied';
  if (rule === null) {
    return `${what} is ${verdict} by default: it is for ${namesIn(defaultPersonas(action)).join(', ')}.`;
  }
  const doubt = isDoubtful ? ', since the value of an argument cannot be compared' : '';
  return `${what} is ${verdict} by the rule '${rule}' (line ${line})${doubt}.`;
}
