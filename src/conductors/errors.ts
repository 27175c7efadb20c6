import { NoFreeConductorWorker } from '../lifecycle/errors.js';

/** 503: without a confirmed lease the process takes no locks and no jobs. */
export class LeaseUnsure extends NoFreeConductorWorker {
  constructor() {
    super('The database has not confirmed the lease of this process, which takes no locks');
  }
}
