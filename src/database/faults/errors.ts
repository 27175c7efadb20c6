import { FerruleError, OutcomeUnknown as OutcomeUnknownError } from '@ferrule/driver-kit';

/** 503: nothing was changed. The reason is in `cause`. */
export class DatabaseUnavailable extends FerruleError {
  readonly code = 'DatabaseUnavailable';
  readonly status = 503;
  readonly isOutage = true;
  constructor(cause: unknown) {
    super('The database is not available, and nothing was changed; please retry.', { cause });
  }
}

/** 503: nothing was done, since it could not be recorded. The reason is in `cause`. */
export class AuditUnavailable extends FerruleError {
  readonly code = 'AuditUnavailable';
  readonly status = 503;
  readonly isOutage = true;

  constructor(cause?: unknown) {
    super('The audit cannot be written, so nothing was done; please retry.', { cause });
  }
}

/** 500: no answer came, so a change may or may not have been made. */
export class OutcomeUnknown extends OutcomeUnknownError {
  readonly isOutage = true;

  constructor(cause: unknown) {
    super(
      'The outcome is unknown: the connection to the database was lost during a change. Check the current state before you retry.',
      { cause },
    );
  }
}
