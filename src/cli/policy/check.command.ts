import { setUp } from '../../setup.js';
import { explain } from '../explain.js';
import { type Output } from '../output.js';
import { type Answer, answerOf, decisionText, documentOf, type Question } from './answer.js';
import { checkCases } from './check-cases.js';

export interface CheckOptions extends Question {
  readonly file?: string;
  readonly json?: boolean;
}

/** @returns 0 if it is allowed, 1 if it is denied, 2 if nothing can be said; with a file, see {@link checkCases}. */
export async function checkPolicy(
  env: NodeJS.ProcessEnv,
  { file, json = false, ...question }: CheckOptions,
  out: Output,
): Promise<number> {
  try {
    const setup = await setUp(env);
    if (file !== undefined) return checkCases(setup, file, question, json, out);
    const answer = answerOf(setup, question);
    out.print(json ? JSON.stringify(documentOf(answer), null, 2) : textOf(answer));
    return answer.isAllowed ? 0 : 1;
  } catch (error) {
    out.complain(explain(error));
    return 2;
  }
}

function textOf({ explanation, roles }: Answer): string {
  const { decision, passed, personas, isVisible } = explanation;
  return [
    ...passed.map(({ rule, line, reason }) => `Rule '${rule}' (line ${line}) does not match: ${reason}.`),
    decisionText(decision.action, explanation),
    `The caller is ${personas.join(', ')}; ${rolesText(roles)}.`,
    ...(isVisible ? [] : ['The caller may not see the node (baremetal:node:get): the answer is 404.']),
  ].join('\n');
}

function rolesText(roles: readonly string[]): string {
  if (roles.length === 0) return 'it has no role';
  return `it has the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}`;
}
