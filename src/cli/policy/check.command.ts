import {
  type Action,
  ACTION_NAMES,
  defaultPersonas,
  isAction,
  isCallAction,
} from '../../auth/policy/defaults/actions.js';
import { type Asked, type Explanation, explanationOf } from '../../auth/policy/explanation.js';
import { namesIn } from '../../auth/policy/defaults/personas.js';
import { StartError } from '../../config/start-error.js';
import { setUp } from '../../setup.js';
import { nearest } from '../../text/nearest.js';
import { explain } from '../explain.js';
import { type Output } from '../output.js';
import { askedCaller, type CallerOptions } from './asked-caller.js';
import { askedArguments, askedMethod, type MethodOptions } from './asked-method.js';

export interface CheckOptions extends CallerOptions, MethodOptions {
  readonly action?: string;
  readonly owner?: string;
  readonly lessee?: string;
  readonly json?: boolean;
}

interface Answer {
  readonly explanation: Explanation;
  /** Of the caller. */
  readonly roles: readonly string[];
}

/** Those on nodes that exist. */
const ON_NODE = /^(?:baremetal:node:(?!create|list)|ferrule:job:)/;

/** @returns 0 if it is allowed, 1 if it is denied, 2 if nothing can be said. */
export async function checkPolicy(
  env: NodeJS.ProcessEnv,
  options: CheckOptions,
  out: Output,
): Promise<number> {
  let answer: Answer;
  try {
    answer = await explained(env, options);
  } catch (error) {
    out.complain(explain(error));
    return 2;
  }
  out.print(options.json === true ? jsonOf(answer) : textOf(answer));
  return isAllowed(answer.explanation) ? 0 : 1;
}

async function explained(env: NodeJS.ProcessEnv, options: CheckOptions): Promise<Answer> {
  const { config, policy, drivers } = await setUp(env);
  const caller = askedCaller(options, config);
  const action = actionOf(options);
  const { owner = null, lessee = null } = options;
  const node = ON_NODE.test(action) ? { owner, lessee } : null;
  if (node === null && (owner ?? lessee) !== null) {
    throw new StartError(`${action} is not on a node: leave --owner and --lessee out.`);
  }
  const asked: Asked = { caller, action, node };
  if (isCallAction(action)) {
    const call = askedMethod(action, options, drivers);
    const isFixed = policy.onCall(caller, action, { ...call, node }).fixed !== undefined;
    // A decision for all arguments needs none, not even those that the method requires.
    const args = isFixed && options.args === undefined ? {} : askedArguments(call.method, options.args);
    return { roles: caller.roles, explanation: explanationOf(policy, { ...asked, call: { ...call, args } }) };
  }
  if (options.driver ?? options.method ?? options.args) {
    throw new StartError(`${action} is not a call: leave --driver, --method and --args out.`);
  }
  return { roles: caller.roles, explanation: explanationOf(policy, asked) };
}

function actionOf({ action = 'baremetal:node:vendor_passthru' }: CheckOptions): Action {
  if (isAction(action)) return action;
  const meant = nearest(action, ACTION_NAMES);
  throw new StartError(
    `There is no action '${action}'${meant === undefined ? '; "ferrule policy show" names all' : `; did you mean ${meant}?`}`,
  );
}

function isAllowed({ decision, isVisible }: Explanation): boolean {
  return decision.isAllowed && isVisible;
}

function jsonOf({ explanation, roles }: Answer): string {
  const { decision, line, isDoubtful, passed, personas, isVisible } = explanation;
  const { action, rule } = decision;
  return JSON.stringify(
    {
      allowed: isAllowed(explanation),
      action,
      rule,
      line,
      is_doubtful: isDoubtful,
      is_visible: isVisible,
      roles,
      personas,
      passed,
    },
    null,
    2,
  );
}

function textOf({ explanation, roles }: Answer): string {
  const { passed, personas, isVisible } = explanation;
  return [
    ...passed.map(({ rule, line, reason }) => `Rule '${rule}' (line ${line}) does not match: ${reason}.`),
    decisionText(explanation),
    `The caller is ${personas.join(', ')}; ${rolesText(roles)}.`,
    ...(isVisible ? [] : ['The caller may not see the node (baremetal:node:get): the answer is 404.']),
  ].join('\n');
}

function rolesText(roles: readonly string[]): string {
  if (roles.length === 0) return 'it has no role';
  return `it has the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`;
}

function decisionText({ decision, line, isDoubtful }: Explanation): string {
  const { action, rule } = decision;
  const verdict = decision.isAllowed ? 'allowed' : 'denied';
  if (rule === null) {
    return `${action} is ${verdict} by default: it is for ${namesIn(defaultPersonas(action)).join(', ')}.`;
  }
  const doubt = isDoubtful ? ', since the value of an argument cannot be compared' : '';
  return `${action} is ${verdict} by the rule '${rule}' (line ${line})${doubt}.`;
}
