import { InvalidParameterValue, MissingParameterValue } from '@ferrule/driver-kit';
import { type z } from 'zod';

/** Names that a passthru call uses itself. */
export const RESERVED_ARGUMENTS: readonly string[] = ['task', 'method', 'http_method', 'self', 'context'];

type Issue = z.core.$ZodIssue;

/**
 * The error for arguments that do not fit their schema: names every one that is wrong, never a value.
 * @param method wire name of the passthru method.
 */
export function argumentError(method: string, issues: readonly Issue[], known: readonly string[]): Error {
  const surplus = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? surplusOf(issue) : []));
  const missing = issues.filter(isMissing).map((issue) => pathOf(issue));
  const sentences = [
    ...missing.map((name) => `Parameter '${name}' not passed to method '${method}'.`),
    ...issues
      .filter((issue) => issue.code !== 'unrecognized_keys' && !isMissing(issue))
      .map((issue) => invalidSentence(method, issue)),
    ...(surplus.length > 0 ? [surplusSentence(method, surplus, known)] : []),
  ];
  const onlyMissing = missing.length === issues.length;
  return new (onlyMissing ? MissingParameterValue : InvalidParameterValue)(sentences.join(' '));
}

function invalidSentence(method: string, issue: Issue): string {
  const where = pathOf(issue);
  // A sentence of the driver's own, which begins with the argument: Ironic's words, where clients know them.
  if (where !== '' && issue.message.startsWith(`${where} `)) return issue.message;
  return where === ''
    ? `Invalid arguments for method '${method}': ${issue.message}.`
    : `Invalid parameter '${where}' for method '${method}': ${issue.message}.`;
}

function surplusSentence(method: string, surplus: readonly string[], known: readonly string[]): string {
  const takes = known.length > 0 ? `it takes: ${known.join(', ')}` : 'it takes none';
  return `Unexpected arguments for method '${method}': ${[...surplus].sort().join(', ')}; ${takes}.`;
}

function surplusOf(issue: Issue & { keys: string[] }): string[] {
  return issue.keys.map((key) => [...issue.path, key].join('.'));
}

/** A schema says "missing" by an `undefined` input; zod 4 keeps inputs out of issues unless asked. */
function isMissing(issue: Issue): boolean {
  return issue.input === undefined && issue.path.length > 0 && 'input' in issue;
}

function pathOf(issue: Issue): string {
  return issue.path.map(String).join('.');
}
