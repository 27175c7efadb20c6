import { shortened } from '../text/listed.js';

export const MAXIMUM_DEPTH = 25;

interface Problem {
  readonly what: string;
  readonly path: string[];
}

/**
 * Why PostgreSQL cannot store a JSON value, for example `has a NUL character at a.b`; undefined if it can. The value itself
 * is not named.
 */
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
