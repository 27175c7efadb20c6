import { FerruleError } from '@ferrule/driver-kit';
import { BadCredentials } from '../http/errors.js';
import { RefusedBy } from './refused-by.js';

const HTTP_BASIC = new RefusedBy('http_basic');

/** 401, with a challenge for each way in which callers can be known. */
export class Unauthorized extends BadCredentials {
  readonly code = 'Unauthorized';
  readonly status = 401;

  constructor(
    message: string,
    override readonly challenges: readonly string[],
    readonly refusal: RefusedBy,
  ) {
    super(message);
  }
}

/** 400: a header that cannot be read. The message does not repeat it. */
export class MalformedCredentials extends BadCredentials {
  readonly refusal = HTTP_BASIC;
  readonly code = 'MalformedCredentials';
  readonly status = 400;
}

/** 429: too many passwords for one name from one address wait to be compared. */
export class TooManyAttempts extends FerruleError {
  readonly refusal = HTTP_BASIC;
  readonly code = 'TooManyAttempts';
  readonly status = 429;
  constructor() {
    super('Too many passwords were tried for this name. Please retry after 15 s.');
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '15' };
  }
}

/** 503: too many passwords wait to be compared. */
export class PasswordsBusy extends FerruleError {
  readonly refusal = HTTP_BASIC;
  readonly code = 'PasswordsBusy';
  readonly status = 503;
  constructor() {
    super('Too many passwords have to be checked. Please retry after 10 s.');
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '10' };
  }
}
