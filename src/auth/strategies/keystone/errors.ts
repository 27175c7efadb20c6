import { FerruleError } from '@ferrule/driver-kit';
import { TurnRefused } from '../../../waiting/fair-queue.js';
import { RefusedBy } from '../../refused-by.js';

/** 503: nobody can say whether the credentials are right. */
export class KeystoneUnusable extends FerruleError {
  readonly refusal = new RefusedBy('keystone');
  readonly code = 'KeystoneUnusable';
  readonly status = 503;
  readonly isOutage = true;

  constructor(cause: unknown) {
    super(`Keystone ${whatOf(cause)}, so that the token cannot be checked. Please retry.`, { cause });
  }
}

/** Of the service itself: a token that is not valid is 404. */
const REFUSED: ReadonlySet<number | undefined> = new Set([401, 403]);

function whatOf(cause: unknown): string {
  if (cause instanceof TurnRefused) return 'is asked about too many tokens';
  if (!(cause instanceof WrongAnswer)) return 'does not answer';
  return REFUSED.has(cause.status) ? 'does not accept the login of this service' : 'gave a wrong answer';
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
