import { sqlStateOf } from './error-code.js';
import { DatabaseUnavailable, OutcomeUnknown } from './errors.js';

/** Connection, resources, operator intervention: not about the statement itself. */
const TRANSIENT_CLASSES: readonly string[] = ['08', '53', '57'];

export function isTransient(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable || error instanceof OutcomeUnknown) return true;
  // For example JSON.stringify of a text that is too long.
  if (error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError) return false;
  const state = sqlStateOf(error);
  return state === undefined || TRANSIENT_CLASSES.includes(state.slice(0, 2));
}
