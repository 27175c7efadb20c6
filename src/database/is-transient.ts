import { codeOf } from './error-code.js';

/** SQLSTATE classes that say nothing about the statement: connection, resources, operator intervention. */
const TRANSIENT_CLASSES: readonly string[] = ['08', '53', '57'];
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Whether the same statement may well succeed later: the database was away, and did not refuse it. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined || !SQLSTATE.test(code) || TRANSIENT_CLASSES.includes(code.slice(0, 2));
}
