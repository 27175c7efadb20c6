import { FerruleError } from '@ferrule/driver-kit';

/** 503; the call had no effect. */
export class NoFreeConductorWorker extends FerruleError {
  readonly code = 'NoFreeConductorWorker';
  readonly status = 503;

  /** @param reason start of the message, without a full stop. */
  constructor(reason: string) {
    super(`${reason}; please retry.`);
  }
}

/** 503: without a confirmed lease the process takes no locks and no jobs. */
export class LeaseUnsure extends NoFreeConductorWorker {
  constructor() {
    super('The database has not confirmed the lease of this process, which takes no locks');
  }
}
