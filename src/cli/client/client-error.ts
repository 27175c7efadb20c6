import { type IncomingHttpHeaders } from 'node:http';

/** Says what to do; shown without a stack. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError';
}

/** There is no whole answer. */
export class ConnectionError extends ClientError {
  /** @param isUnsent the service cannot have got the request. */
  constructor(
    message: string,
    readonly isUnsent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The service answered with an error. */
export class AnsweredError extends ClientError {
  override readonly name = 'AnsweredError';

  /**
   * @param code of the error, for example `NodeLocked`; undefined if something else than the service answered.
   * @param details members of the problem document.
   */
  constructor(
    readonly status: number,
    readonly code: string | undefined,
    message: string,
    readonly details: Readonly<Record<string, unknown>>,
    readonly headers: IncomingHttpHeaders,
  ) {
    super(message);
  }
}
