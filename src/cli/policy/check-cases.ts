import { StartError } from '../../config/start-error.js';
import { type Setup } from '../../setup.js';
import { type Output } from '../output.js';
import { type Answer, answerOf, decisionText, documentOf, type Question } from './answer.js';
import { type Case, casesIn } from './cases.js';
import { parsedFile } from './parsed-file.js';

/**
 * Prints a line for each case of a file.
 * @param question must be empty: the cases have it.
 * @returns 0 if each is as expected, 1 if one is not, 2 if nothing can be said of one.
 * @throws StartError if the file is wrong.
 */
export function checkCases(
  setup: Pick<Setup, 'config' | 'policy' | 'drivers'>,
  file: string,
  question: Question,
  json: boolean,
  out: Output,
): number {
  const surplus = Object.keys(question);
  if (surplus.length > 0) {
    throw new StartError(`The cases of --file have it all: leave --${surplus.join(', --')} out.`);
  }
  let code = 0;
  for (const asked of parsedFile(file, casesIn)) {
    try {
      const answer = answerOf(setup, asked);
      const isMet = asked.expect === undefined || answer.isAllowed === (asked.expect === 'allow');
      out.print(json ? documentText(asked, answer, isMet) : lineOf(asked, answer, isMet));
      if (!isMet) code = Math.max(code, 1);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      out.complain(`${file}, line ${asked.line}: ${error.message}`);
      code = 2;
    }
  }
  return code;
}

function documentText({ line, expect }: Case, answer: Answer, isMet: boolean): string {
  const { line: ruleLine, ...document } = documentOf(answer);
  return JSON.stringify({
    line,
    expected: expect ?? null,
    as_expected: isMet,
    ...document,
    rule_line: ruleLine,
  });
}

function lineOf(asked: Case, { explanation, isAllowed }: Answer, isMet: boolean): string {
  const { line, expect, method, caller, role = [] } = asked;
  const what = `${method ?? explanation.decision.action} by ${caller ?? role.join(', ')}`;
  const text =
    explanation.isVisible || !explanation.decision.isAllowed
      ? decisionText(what, explanation)
      : `${what} is answered with 404: the caller may not see the node.`;
  const state = expect === undefined ? (isAllowed ? 'yes' : 'no') : isMet ? 'ok' : 'FAIL';
  return `${state.padEnd(4)} line ${line}: ${text}${isMet ? '' : ` Expected: ${String(expect)}.`}`;
}
