import { InvalidParameterValue, isSecretKey, MissingParameterValue } from '@ferrule/driver-kit';
import { z } from 'zod';
import { copyOf } from '../copy-of.js';
import { firstOf, listed, MAXIMUM_NAMED, shortened } from '../../text/listed.js';

/** Used by passthru calls themselves. */
export const RESERVED_ARGUMENTS: readonly string[] = ['task', 'method', 'http_method', 'self', 'context'];

/** zod drops members of this name without an error. */
const PROTOTYPE = '__proto__';

type Issue = z.core.$ZodRawIssue;

const CONTEXT: z.core.ParseContextInternal = { async: false };

/** Of parsed JSON, which has no cycles; schemas get a copy. Errors name the first ten problems and no value. */
export function parseArguments(
  method: string,
  schema: z.ZodObject,
  raw: Record<string, unknown>,
): Record<string, unknown> {
  const lost = placeOf(PROTOTYPE, raw);
  if (lost) {
    throw new InvalidParameterValue(
      `Invalid arguments for ${named(method)} no member may be called ${PROTOTYPE}, as at ${shortened(lost.join('.'))}.`,
    );
  }
  // `safeParse` would format every issue, and a body of 1 MB can have 200,000.
  const result = schema._zod.run({ value: copyOf(raw), issues: [] }, CONTEXT);
  if (result instanceof Promise) throw new z.core.$ZodAsyncError();
  if (result.issues.length === 0) return result.value as Record<string, unknown>;
  throw argumentError(method, result.issues, Object.keys(schema.shape));
}

function argumentError(method: string, issues: readonly Issue[], known: readonly string[]): Error {
  const missing = issues.filter(isMissing);
  const wrong = issues.filter((issue) => issue.code !== 'unrecognized_keys' && !isMissing(issue));
  const surplus = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? surplusOf(issue) : []));
  const { named: shown, rest } = firstOf([...missing, ...wrong]);
  const places = MAXIMUM_NAMED - shown.length;
  const others = places > 0 ? rest : rest + surplus.length;
  const sentences = [
    ...shown.map((issue) => sentenceOf(method, issue)),
    ...(surplus.length > 0 && places > 0 ? [surplusSentence(method, listed(surplus, places), known)] : []),
    ...(others > 0 ? [`There are ${others} more problems.`] : []),
  ];
  const onlyMissing = missing.length === issues.length;
  return new (onlyMissing ? MissingParameterValue : InvalidParameterValue)(sentences.join(' '));
}

function sentenceOf(method: string, raw: Issue): string {
  const where = pathOf(raw);
  if (isMissing(raw)) return `Parameter '${where}' not passed to method '${method}'.`;
  const { message } = z.core.util.finalizeIssue(raw, CONTEXT, z.core.config());
  // A sentence of the driver that starts with the argument's name; clients may know it from Ironic.
  if (where !== '' && message.startsWith(`${where} `)) return message;
  return where === ''
    ? `Invalid arguments for ${named(method)} ${message}.`
    : `Invalid parameter '${where}' for ${named(method)} ${message}.`;
}

/** Masking would take the word after `'set_password':` for the password. */
function named(method: string): string {
  return isSecretKey(method) ? `method '${method}' –` : `method '${method}':`;
}

function surplusSentence(method: string, surplus: string, known: readonly string[]): string {
  const takes = known.length > 0 ? `it takes: ${known.join(', ')}` : 'it takes none';
  return `Unexpected arguments for ${named(method)} ${surplus}; ${takes}.`;
}

function surplusOf(issue: Issue & { keys: string[] }): string[] {
  const prefix = issue.path?.map((part) => `${String(part)}.`).join('') ?? '';
  return prefix === '' ? issue.keys : issue.keys.map((key) => `${prefix}${key}`);
}

function isMissing(issue: Issue): boolean {
  return (
    issue.code !== 'unrecognized_keys' &&
    issue.input === undefined &&
    issue.path?.length !== undefined &&
    issue.path.length > 0
  );
}

function pathOf(issue: Issue): string {
  return shortened(issue.path?.map(String).join('.') ?? '');
}

/** The path of the first member with that name. */
function placeOf(name: string, value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return [name];
  for (const [key, member] of Object.entries(value)) {
    const place = placeOf(name, member);
    if (place) return [key, ...place];
  }
  return undefined;
}
