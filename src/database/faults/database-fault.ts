import { sqlStateOf } from './error-code.js';
import { DatabaseUnavailable, OutcomeUnknown } from './errors.js';

/**
 * SQLSTATEs, or classes of them, with which PostgreSQL rejects a statement because of its own state: connection
 * limits, login, full disk, shutdown, time limit, deadlock, standby. The statement had no effect.
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
/** The same, for states in which a commit may already have been sent. */
const LOSSES: readonly string[] = ['08', '57'];

const IS_READ = /^\s*(select|show|explain|begin|rollback)\b/i;

export interface Effect {
  readonly text: string;
  /** A background task undoes its effect if the answer is lost, so the caller may be told that nothing happened. */
  readonly isHealed?: boolean;
}

export function isSessionLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === undefined ? !isOurs(error) : matches(state, ['08', '57P']);
}

/** The error for a session that could not be opened; nothing was sent. */
export function connectFault(error: unknown): Error {
  return new DatabaseUnavailable(error);
}

export function statementFault(error: unknown, effect: Effect): unknown {
  const state = sqlStateOf(error);
  if (state === undefined) return isOurs(error) ? error : lossOf(error, effect);
  if (matches(state, REFUSALS)) return new DatabaseUnavailable(error);
  return matches(state, LOSSES) ? lossOf(error, effect) : error;
}

function lossOf(error: unknown, { text, isHealed = false }: Effect): Error {
  return isHealed || IS_READ.test(text) ? new DatabaseUnavailable(error) : new OutcomeUnknown(error);
}

/** pg throws these for a value that it cannot encode: a bug here, not a broken connection. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

function matches(state: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => state.startsWith(prefix));
}
