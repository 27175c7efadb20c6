import { FerruleError } from '@ferrule/driver-kit';

/** Another process may run the method now. */
export class PeriodicLeaseLost extends FerruleError {
  readonly code = 'PeriodicLeaseLost';
  readonly status = 500;
  constructor(method: string) {
    super(`The lease of the process that ran the periodic method ${method} could not be renewed in time.`);
  }
}
