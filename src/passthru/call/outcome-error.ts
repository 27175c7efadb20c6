import { OutcomeUnknown } from '@ferrule/driver-kit';
import { ServiceStopping } from '../../drivers/execution/method-errors.js';
import { NodeLockLost } from '../../reservations/errors.js';

/**
 * What a call whose method had begun is answered with. Clients repeat 409 and 503 by themselves, and the method would run
 * again.
 */
export function outcomeError(error: unknown): unknown {
  if (!(error instanceof NodeLockLost || error instanceof ServiceStopping)) return error;
  return new OutcomeUnknown(
    `The outcome of the call is unknown, since its method had begun. ${error.message} Check the current state before you call again.`,
    { cause: error },
  );
}
