import pg from 'pg';
import { sqlStateOf } from './error-code.js';
import { AuditUnavailable, DatabaseUnavailable, OutcomeUnknown } from './errors.js';

/** SQLSTATEs, or classes of them, that PostgreSQL reports because of its own state. The statement had no effect. */
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
/** As `REFUSALS`, but a commit may already have been sent. */
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

export function connectFault(error: unknown): Error {
  return new DatabaseUnavailable(error);
}

export function statementFault(error: unknown, effect: Effect): unknown {
  if (isOfAudit(error)) return new AuditUnavailable(error);
  const state = sqlStateOf(error);
  if (state === undefined) return isOurs(error) ? error : lossOf(error, effect);
  if (matches(state, REFUSALS)) return new DatabaseUnavailable(error);
  return matches(state, LOSSES) ? lossOf(error, effect) : error;
}

/** The context of an error names the function, and the message if there is none. */
function isOfAudit(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && /\baudit_append\(text/.test(`${error.message} ${error.where ?? ''}`)
  );
}

function lossOf(error: unknown, { text, isHealed = false }: Effect): Error {
  return isHealed || IS_READ.test(text) ? new DatabaseUnavailable(error) : new OutcomeUnknown(error);
}

/** pg cannot encode a value: a bug here, not a broken connection. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}

function matches(state: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => state.startsWith(prefix));
}
