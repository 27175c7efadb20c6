import { OutcomeUnknown } from '@ferrule/driver-kit';
import { type CallOutcome } from '../../metrics/call.metrics.js';
import { MethodAbandoned, MethodTimeout, VendorPassthruException } from './method-errors.js';
import { isFailure } from './method-failure.js';

/** @param isAborted whether the call was told to stop. */
export function outcomeOf(error: unknown, isAborted: boolean): CallOutcome {
  if (error instanceof MethodTimeout) return 'timeout';
  if (error instanceof MethodAbandoned || OutcomeUnknown.is(error)) return 'unknown';
  // A call is also aborted by an error that it left behind.
  if (isAborted && !(error instanceof VendorPassthruException)) return 'aborted';
  return isFailure(error) ? 'failed' : 'refused';
}
