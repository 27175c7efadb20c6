import { type Variable } from './environment.js';
import { readVariable } from './read-variable.js';

export interface Texts {
  readonly texts: ReadonlyMap<Variable, string>;
  readonly problems: ReadonlyMap<Variable, string>;
}

export function readTexts(env: NodeJS.ProcessEnv, variables: readonly Variable[]): Texts {
  const texts = new Map<Variable, string>();
  const problems = new Map<Variable, string>();
  for (const variable of variables) {
    const reading = readVariable(env, variable.key);
    if ('problem' in reading) problems.set(variable, reading.problem);
    else if (reading.value !== undefined) texts.set(variable, reading.value);
  }
  return { texts, problems };
}

/** Does not repeat the value of a secret. */
export function valueProblem(variable: Variable, message: string, text: string | undefined): string {
  if (text === undefined) {
    return variable.description === ''
      ? `${variable.key} must be set`
      : `${variable.key} must be set: ${variable.description}`;
  }
  const sentence = /^[a-z]/.test(message) ? `${variable.key} ${message}` : `${variable.key}: ${message}`;
  if (variable.secret === true) return sentence.replaceAll(text, '******');
  return sentence.endsWith(text) || sentence.endsWith(`'${text}'`) ? sentence : `${sentence}, not '${text}'`;
}
