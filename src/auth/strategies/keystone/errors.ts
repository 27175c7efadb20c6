import { FerruleError } from '@ferrule/driver-kit';
import { RefusedBy } from '../../refused-by.js';

/** 503: nobody can say whether the credentials are right. */
export class KeystoneAway extends FerruleError {
  readonly refusal = new RefusedBy('keystone');
  readonly code = 'KeystoneAway';
  readonly status = 503;
  readonly isOutage = true;

  constructor(cause: unknown) {
    super('Keystone does not answer, so that the token cannot be checked. Please retry.', { cause });
  }
}
