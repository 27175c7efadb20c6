import { BadCredentials } from '../http/errors.js';

/** 401, with a challenge for each way in which callers can be known. */
export class Unauthorized extends BadCredentials {
  readonly code = 'Unauthorized';
  readonly status = 401;

  constructor(
    message: string,
    private readonly challenges: string,
  ) {
    super(message);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'WWW-Authenticate': this.challenges };
  }
}

/** 400: a header that cannot be read. The message does not repeat it. */
export class MalformedCredentials extends BadCredentials {
  readonly code = 'MalformedCredentials';
  readonly status = 400;
}
