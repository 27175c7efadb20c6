import { type JsonValue } from '@ferrule/driver-kit';
import { MalformedBody } from '../errors.js';
import { shortened } from '../listed.js';

export const MAXIMUM_DEPTH = 25;

interface Problem {
  readonly what: string;
  readonly path: string[];
}

/**
 * PostgreSQL text cannot contain NUL, UTF-8 no lone surrogate.
 * @param source start of the message, for example `The request body`.
 * @throws MalformedBody (400) naming the place but not the value.
 */
export function assertStorable(value: unknown, source: string): asserts value is JsonValue {
  const problem = storableProblem(value);
  if (problem !== undefined) throw new MalformedBody(`${source} ${problem}.`);
}

/** Why a JSON value cannot be stored, for example `has a NUL character at a.b`; undefined if it can. */
export function storableProblem(value: unknown): string | undefined {
  const problem = problemOf(value, 0);
  if (!problem) return undefined;
  return `${problem.what}${placeText(problem.path)}`;
}

/** For example ` at a.b`; empty at the top. */
export function placeOfInfinity(value: unknown): string {
  return placeText(problemOf(value, 0)?.path ?? []);
}

function placeText(path: readonly string[]): string {
  return path.length > 0 ? ` at ${shortened(path.join('.'))}` : '';
}

function problemOf(value: unknown, depth: number): Problem | undefined {
  if (typeof value === 'string') return textProblem(value, '');
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { what: 'has a number that is out of range', path: [] };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAXIMUM_DEPTH) {
    return { what: `is nested deeper than ${MAXIMUM_DEPTH} levels`, path: [] };
  }
  for (const key of Object.keys(value)) {
    const inKey = textProblem(key, ' in the name of a member');
    if (inKey) return inKey;
    const problem = problemOf(Reflect.get(value, key), depth + 1);
    if (problem) {
      problem.path.unshift(key);
      return problem;
    }
  }
  return undefined;
}

function textProblem(text: string, where: string): Problem | undefined {
  if (text.includes('\0')) return { what: `has a NUL character${where}`, path: [] };
  if (!text.isWellFormed()) return { what: `has a lone surrogate${where}`, path: [] };
  return undefined;
}
