import { FerruleError } from '@ferrule/driver-kit';
import { TurnRefused } from '../../../waiting/fair-queue.js';
import { RefusedBy } from '../../refused-by.js';

/** 503: nobody can say whether the credentials are right. */
export class KeystoneAway extends FerruleError {
  readonly refusal = new RefusedBy('keystone');
  readonly code = 'KeystoneAway';
  readonly status = 503;
  readonly isOutage = true;

  constructor(cause: unknown) {
    super(`Keystone ${whatOf(cause)}, so that the token cannot be checked. Please retry.`, { cause });
  }
}

function whatOf(cause: unknown): string {
  if (cause instanceof TurnRefused) return 'is asked about too many tokens';
  return cause instanceof WrongAnswer ? 'gave a wrong answer' : 'does not answer';
}

/** Keystone answered, and nothing can be learnt from it. The message is for operators. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
  /** @param status undefined if something else is wrong. */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}
