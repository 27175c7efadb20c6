import { FerruleError } from '@ferrule/driver-kit';

/** 503: nobody can say whether the credentials are right. */
export class KeystoneAway extends FerruleError {
  readonly refusal = { strategy: 'keystone' } as const;
  readonly code = 'KeystoneAway';
  readonly status = 503;
  readonly isOutage = true;

  constructor(cause: unknown) {
    super('Keystone does not answer, so that the token cannot be checked. Please retry.', { cause });
  }
}
