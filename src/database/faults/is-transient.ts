import { AuditUnavailable, DatabaseUnavailable, OutcomeUnknown } from './errors.js';

/** Whether the statement may succeed later, unchanged. Any other error is about the statement, or a bug. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof DatabaseUnavailable ||
    error instanceof AuditUnavailable ||
    error instanceof OutcomeUnknown
  );
}
