import { sqlStateOf } from './error-code.js';
import { DatabaseUnavailable, OutcomeUnknown } from './errors.js';

/** SQLSTATE classes that say nothing about the statement: connection, resources, operator intervention. */
const TRANSIENT_CLASSES: readonly string[] = ['08', '53', '57'];

/** Whether the same statement may well succeed later: the database was away, and did not refuse it. */
export function isTransient(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown) return true;
  const state = sqlStateOf(error);
  return state === undefined || TRANSIENT_CLASSES.includes(state.slice(0, 2));
}
