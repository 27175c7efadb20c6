import { FerruleError } from '@ferrule/driver-kit';

/** 503: without a lease that is sure, this process takes no locks and no jobs. */
export class LeaseUnsure extends FerruleError {
  readonly code = 'NoFreeConductorWorker';
  readonly status = 503;
  constructor() {
    super('The database has not confirmed the lease of this process, which takes no locks; please retry.');
  }
}
