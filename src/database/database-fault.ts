import { sqlStateOf } from './error-code.js';
import { DatabaseUnavailable, OutcomeUnknown } from './errors.js';

/**
 * SQLSTATEs, or classes of them, with which PostgreSQL refuses a statement for reasons of its own: connection
 * limits, login, a full disk, a shutdown, a time limit, a deadlock, a standby. Nothing of it was done.
 */
const REFUSALS: readonly string[] = [
  '28',
  '3D',
  '40',
  '53',
  '55P03',
  '57014',
  '57P01',
  '57P03',
  '58',
  '25006',
];
/** The same for states in which a commit may have been on its way. */
const LOSSES: readonly string[] = ['08', '57'];

const IS_READ = /^\s*(select|show|explain|begin|rollback)\b/i;

/** What a statement would have done, had its answer come. */
export interface Effect {
  readonly text: string;
  /** Its effect is undone without its caller when its answer is lost; for the caller nothing happened. */
  readonly isHealed?: boolean;
}

/** Whether the session cannot be used again: no answer came, or the server ended it. */
export function isSessionLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === undefined ? !isOurs(error) : matches(state, ['08', '57P']);
}

/** What it means that no session could be had: nothing was sent. */
export function connectFault(error: unknown): Error {
  return new DatabaseUnavailable(error);
}

/** What an error of a statement means for its caller; refusals that are about the statement stay as they are. */
export function statementFault(error: unknown, effect: Effect): unknown {
  const state = sqlStateOf(error);
  if (state === undefined) return isOurs(error) ? error : lossOf(error, effect);
  if (matches(state, REFUSALS)) return new DatabaseUnavailable(error);
  return matches(state, LOSSES) ? lossOf(error, effect) : error;
}

function lossOf(error: unknown, { text, isHealed = false }: Effect): Error {
  return isHealed || IS_READ.test(text) ? new DatabaseUnavailable(error) : new OutcomeUnknown(error);
}

/** A value that pg cannot send is a mistake of the code, not of the connection. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

function matches(state: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => state.startsWith(prefix));
}
