import { FerruleError } from '@ferrule/driver-kit';

/** 503: this process takes no call at the moment, and the call did nothing. */
export class NoFreeConductorWorker extends FerruleError {
  readonly code = 'NoFreeConductorWorker';
  readonly status = 503;

  /** @param reason the first half of the sentence, without its end. */
  constructor(reason: string) {
    super(`${reason}; please retry.`);
  }
}
