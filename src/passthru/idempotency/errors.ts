import { FerruleError, OutcomeUnknown } from '@ferrule/driver-kit';
import { IDEMPOTENCY_KEY } from '../call/call-headers.js';

/** 422 */
export class IdempotencyKeyReused extends FerruleError {
  readonly code = 'IdempotencyKeyReused';
  readonly status = 422;
  constructor() {
    super(
      `This ${IDEMPOTENCY_KEY} was used for another call: another method, target or arguments. Use a new key for each call.`,
    );
  }
}

/** 503: the first call with the key still runs; `Retry-After` has the seconds. */
export class IdempotentCallRuns extends FerruleError {
  readonly code = 'IdempotentCallRuns';
  readonly status = 503;
  constructor() {
    super(
      `The call with this ${IDEMPOTENCY_KEY} still runs, and is not run again. Please repeat it for its answer.`,
    );
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '5' };
  }
}

/** 410: the call was answered, but its answer was not kept. */
export class AnswerNotKept extends FerruleError {
  readonly code = 'AnswerNotKept';
  readonly status = 410;
  constructor(status: number, limit: number) {
    super(
      `The call with this ${IDEMPOTENCY_KEY} was answered with status ${status}, and is not run again. Its answer was not ` +
        `kept: it has more than ${limit} bytes, newer ones took its place, or it could not be stored.`,
    );
  }
}

/** 500: the process that ran the call ended in the middle. */
export class IdempotentOutcomeUnknown extends OutcomeUnknown {
  constructor() {
    super(
      `The outcome of the call with this ${IDEMPOTENCY_KEY} is unknown: the process that ran it ended before its answer ` +
        'was stored. It is not run again; check the current state before you call with another key.',
    );
  }
}
