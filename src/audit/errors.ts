import { FerruleError } from '@ferrule/driver-kit';

/** 503: nothing was done, since it could not be recorded. The reason is in `cause`. */
export class AuditUnavailable extends FerruleError {
  readonly code = 'AuditUnavailable';
  readonly status = 503;
  readonly isOutage = true;

  constructor(cause?: unknown) {
    super('The audit cannot be written, so nothing was done; please retry.', { cause });
  }
}
