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
