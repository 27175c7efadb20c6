import type { JsonValue } from './json.js';
import { summary, type ExtendedMessage } from './extended-info.js';

/** The stable code of a class of error. */
export type RedfishErrorCode =
  | 'target'
  | 'connection'
  | 'timeout'
  | 'access'
  | 'password-change-required'
  | 'no-free-session'
  | 'not-ready'
  | 'precondition'
  | 'validation'
  | 'conflict'
  | 'unsupported'
  | 'not-found'
  | 'service'
  | 'response'
  | 'foreign-link'
  | 'task'
  | 'ambiguous-system'
  | 'refused-address'
  | 'busy'
  | 'circuit-open'
  | 'closed'
  | 'missing'
  | 'argument'
  | 'not-done'
  | 'disabled';

/** What a BMC answered, without tokens and cookies; secrets of the request are masked. */
export interface RedfishAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON; the text of any other body; undefined if there is none. */
  readonly body: JsonValue | undefined;
}

/**
 * An option of a target that decides what failed: which certificates are trusted, how to log in, or which of several
 * systems is meant.
 */
export type RedfishOption = 'ca' | 'auth' | 'systemId';

/** What is known about a failed exchange. Contains no credential, token or payload. */
export interface RedfishErrorDetails {
  readonly method?: string | undefined;
  /** Absolute, without userinfo. */
  readonly url?: string | undefined;
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
  readonly messages?: readonly ExtendedMessage[] | undefined;
  /** Milliseconds that the BMC, or the client itself, asks to wait. */
  readonly retryAfter?: number | undefined;
  /** The verbs of `Allow`. */
  readonly allow?: readonly string[] | undefined;
  readonly answer?: RedfishAnswer | undefined;
  readonly option?: RedfishOption | undefined;
  readonly cause?: unknown;
}

/** Base of every error this package throws, except `signal.reason` when the caller aborted the call. */
export abstract class RedfishError extends Error {
  abstract readonly code: RedfishErrorCode;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  readonly messages: readonly ExtendedMessage[];
  readonly retryAfter: number | undefined;
  readonly allow: readonly string[];
  /** The option to change, where one decides this; for hints in the caller's own words. */
  readonly option: RedfishOption | undefined;
  #mayBeDone = false;
  #task: string | undefined;
  /** Private, so that logs and inspection do not show the whole answer. */
  readonly #details: Pick<RedfishErrorDetails, 'answer'>;

  constructor(message: string, details: RedfishErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.method = details.method;
    this.url = details.url;
    this.status = details.status;
    this.contentType = details.contentType;
    this.messages = details.messages ?? [];
    this.retryAfter = details.retryAfter;
    this.allow = details.allow ?? [];
    this.option = details.option;
    this.#details = details;
  }

  /** The whole answer; undefined if there was none. */
  get answer(): RedfishAnswer | undefined {
    return this.#details.answer;
  }

  /** The BMC's own messages as one line; empty if it sent none. */
  get reason(): string {
    return summary(this.messages);
  }

  /**
   * Whether a request that changes something was sent, by this or an earlier try, and it is unknown whether the BMC did
   * it: the answer was lost, or the end of its task was not seen.
   */
  get mayBeDone(): boolean {
    return this.#mayBeDone;
  }

  /** The path of the task that the BMC began; undefined if there was none. */
  get task(): string | undefined {
    return this.#task;
  }

  /** What an error that stands for this one tells, too. @internal */
  static detailsOf(error: RedfishError): RedfishErrorDetails {
    const { method, url, status, contentType, messages, retryAfter, allow, answer, option } = error;
    return { method, url, status, contentType, messages, retryAfter, allow, answer, option };
  }

  /** Adds what is known only where the call ends. `words` are appended to the message. @internal */
  static note<T extends RedfishError>(
    error: T,
    { words, task }: { readonly words?: string | undefined; readonly task?: string | undefined },
  ): T {
    error.#task ??= task;
    if (words === undefined || error.#mayBeDone) return error;
    error.#mayBeDone = true;
    error.message = `${error.message} ${words}`;
    return error;
  }
}
