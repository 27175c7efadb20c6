import {
  RedfishAccessError,
  RedfishConflictError,
  RedfishNoFreeSessionError,
  RedfishNotFoundError,
  RedfishNotReadyError,
  RedfishPasswordChangeRequiredError,
  RedfishPreconditionError,
  RedfishServiceError,
  RedfishUnsupportedError,
  RedfishValidationError,
  type RedfishError,
  type RedfishErrorDetails,
} from '../errors.js';
import { summary, type ExtendedMessage } from '../extended-info.js';

/** Message keys of Dell and HPE while they start, sent with any status. */
const NOT_READY = new Set(['SYS518', 'InvalidOperationForSystemState', 'ServiceTemporarilyUnavailable']);
/** Message keys for the limit of sessions, sent with 503 or 400. */
const NO_SESSION = new Set(['RAC0218', 'SessionLimitExceeded', 'CreateLimitReachedForResource']);
const UNSUPPORTED = new Set(['ActionNotSupported', 'OperationNotAllowed', 'OperationNotImplemented']);
const NOT_FOUND = new Set(['ResourceMissingAtURI', 'ResourceNotFound']);

/** Milliseconds from which on a Retry-After is mentioned. */
const LONG = 10_000;
/** Milliseconds. What exceeds it is no time a BMC means. */
const DAY = 24 * 3600_000;

export interface Answer extends RedfishErrorDetails {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly messages: readonly ExtendedMessage[];
  /** Why the body could not be read; continues "Its body". */
  readonly unreadable?: string | undefined;
}

/** For example `GET https://bmc/redfish/v1/ answered 403 (application/json)`, then the BMC's messages. */
export function sentence(answer: Answer, said = summary(answer.messages)): string {
  const type = answer.contentType === undefined ? 'no content type' : answer.contentType;
  const head = `${answer.method} ${answer.url} answered ${answer.status} (${type})`;
  return [said === '' ? `${head}.` : `${head}: ${said}`, ...advice(answer)].join(' ');
}

function advice({ status, allow = [], retryAfter = 0, unreadable }: Answer): string[] {
  const isRefusedVerb = status === 405 && allow.length > 0;
  const isLong = status >= 400 && retryAfter >= LONG;
  return [
    ...(unreadable === undefined ? [] : [`Its body ${unreadable}.`]),
    ...(isRefusedVerb ? [`It allows ${allow.join(', ')}.`] : []),
    ...(isLong ? [`It asks to wait ${waitOf(retryAfter)} before the next try.`] : []),
  ];
}

function waitOf(milliseconds: number): string {
  return milliseconds > DAY ? 'more than a day' : `${Math.ceil(milliseconds / 1000)} s`;
}

function keyed(answer: Answer, keys: ReadonlySet<string>): boolean {
  return answer.messages.some(({ key }) => keys.has(key));
}

export function wantsNewPassword(messages: readonly ExtendedMessage[]): boolean {
  return messages.some(({ key }) => key === 'PasswordChangeRequired');
}

export function failureOf(answer: Answer): RedfishError {
  const said = sentence(answer);
  const { status } = answer;
  if (wantsNewPassword(answer.messages)) return new RedfishPasswordChangeRequiredError(said, answer);
  if (keyed(answer, NO_SESSION) && isSessionPlace(answer)) return new RedfishNoFreeSessionError(said, answer);
  if (keyed(answer, NOT_READY)) return new RedfishNotReadyError(said, answer);
  if (status === 401 || status === 403) return new RedfishAccessError(said, answer);
  if (status === 404) {
    // A resource names the targets of its actions, so 404 on one means that the action is not supported.
    return answer.url.includes('/Actions/')
      ? new RedfishUnsupportedError(said, answer)
      : new RedfishNotFoundError(said, answer);
  }
  if (status === 405 || status === 501) return new RedfishUnsupportedError(said, answer);
  if (status === 412 || status === 428) return new RedfishPreconditionError(said, answer);
  if (status === 409) return new RedfishConflictError(said, answer);
  if (status === 429 || status === 503) return new RedfishNotReadyError(said, answer);
  if (status >= 500) return new RedfishServiceError(said, answer);
  if (keyed(answer, NOT_FOUND)) return new RedfishNotFoundError(said, answer);
  if (keyed(answer, UNSUPPORTED)) return new RedfishUnsupportedError(said, answer);
  return new RedfishValidationError(said, answer);
}

/** RAC0218 always means sessions; the standard's keys only do at a session collection. */
function isSessionPlace(answer: Answer): boolean {
  return /\/Sessions\b/.test(answer.url) || answer.messages.some(({ key }) => key === 'RAC0218');
}
