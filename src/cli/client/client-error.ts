import { type IncomingHttpHeaders } from 'node:http';

/** Says what to do; shown without a stack. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError';
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
