import { FerruleError } from '@ferrule/driver-kit';

/** 503: the database is away or too busy, and nothing was changed; the cause says why. */
export class DatabaseUnavailable extends FerruleError {
  readonly code = 'DatabaseUnavailable';
  readonly status = 503;
  constructor(cause: unknown) {
    super('The database is not available, and nothing was changed; please retry.', { cause });
  }
}

/** 500: a change was sent to the database, and no answer came; it may or may not have happened. */
export class OutcomeUnknown extends FerruleError {
  readonly code = 'OutcomeUnknown';
  readonly status = 500;
  constructor(cause: unknown) {
    super(
      'The outcome is unknown: the database was lost while it was changed. Look at what is there before you retry.',
      { cause },
    );
  }
}
