import { FerruleError } from '@ferrule/driver-kit';

/** Records outlive nodes, and are found by the UUID of one that was deleted or renamed. */
export class NoNodeOfName extends FerruleError {
  readonly code = 'NodeNotFound';
  readonly status = 404;

  constructor(name: string) {
    super(`No node is called ${name} now. Give the UUID of a node that was deleted or renamed.`);
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
