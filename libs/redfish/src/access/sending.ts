import {
  RedfishClosedError,
  RedfishConnectionError,
  RedfishError,
  RedfishResponseError,
  RedfishServiceError,
  RedfishTimeoutError,
} from '../errors.js';

const LOST = 'The request was sent; the BMC may have done it.';
export const LOST_BEFORE = 'It was sent before, and that answer was lost; the BMC may have done it.';

/** What became of the tries of one request: whether the BMC may have done what no answer tells. */
export class Sending {
  #isOut = false;
  #lost: RedfishError | undefined;

  /** @param isWhole whether all of the request has left, once a part of it has */
  constructor(
    readonly method: string,
    readonly isWhole: () => boolean,
  ) {}

  /** Whether the answer to an earlier try was lost. */
  get wasLost(): boolean {
    return this.#lost !== undefined;
  }

  begin(): void {
    this.#isOut = false;
  }

  left(): void {
    this.#isOut = true;
  }

  /** A read has shown that no earlier try had an effect. */
  hadNoEffect(): void {
    this.#lost = undefined;
  }

  failed(error: unknown): void {
    if (this.#isOut && this.isWhole() && isUnanswered(error)) this.#lost = ownError(error);
  }

  /** The error of the whole call, which says if the BMC may have done it. */
  end(error: unknown): unknown {
    if (this.method === 'GET' || this.#lost === undefined || !(error instanceof RedfishError)) return error;
    if (error.status !== undefined && error !== this.#lost) {
      return RedfishError.note(error, { words: LOST_BEFORE });
    }
    return RedfishError.note(isShared(error) ? this.#lost : error, { words: LOST });
  }
}

function isUnanswered(error: unknown): error is RedfishError {
  if (error instanceof RedfishConnectionError) return !error.isUnsent;
  if (error instanceof RedfishTimeoutError) return error.phase !== 'connect';
  if (error instanceof RedfishServiceError) return error.status === 502 || error.status === 504;
  if (error instanceof RedfishClosedError) return true;
  const isOdd = error instanceof RedfishResponseError && error.messages.length === 0;
  return isOdd && (error.status === undefined || error.status < 300);
}

/** Errors that other calls may end with, too, so that nothing can be noted on them. */
function isShared(error: RedfishError): boolean {
  if (error instanceof RedfishConnectionError) return error.isUnsent;
  if (error instanceof RedfishTimeoutError) return error.phase === 'connect';
  return error instanceof RedfishClosedError;
}

/** The same error, or a copy of one that other calls may end with, too. */
export function ownError(error: RedfishError): RedfishError {
  if (!isShared(error)) return error;
  const { message, method, url } = error;
  const details = { method, url, cause: error };
  if (error instanceof RedfishConnectionError) {
    return new RedfishConnectionError(error.failure, error.isUnsent, message, details);
  }
  if (error instanceof RedfishTimeoutError) return new RedfishTimeoutError(error.phase, message, details);
  return new RedfishClosedError(message, details);
}
