import {
  RedfishAccessError,
  RedfishClosedError,
  RedfishConnectionError,
  RedfishNotFoundError,
  RedfishNotReadyError,
  RedfishPasswordChangeRequiredError,
  RedfishRefusedAddressError,
  RedfishResponseError,
  RedfishServiceError,
  RedfishTargetError,
  RedfishTaskError,
  RedfishTimeoutError,
  RedfishUnsupportedError,
  RedfishValidationError,
  type RedfishError,
} from '../errors.js';

const NO_EXPAND = [
  RedfishValidationError,
  RedfishUnsupportedError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishServiceError,
];

/** Whether the error may be that of a BMC that promises `$expand` and does not have it here. */
export function lacksExpand(error: unknown): boolean {
  return NO_EXPAND.some((each) => error instanceof each);
}

/** Whether the error is about one resource, so that others of the BMC may well be read. */
export function isUnreadable(error: unknown): error is RedfishError {
  return lacksExpand(error) || error instanceof RedfishAccessError;
}

/** Whether the error may be that of a BMC that restarts, and answers again later. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof RedfishConnectionError ||
    error instanceof RedfishNotReadyError ||
    // The web server answers in place of the service that restarts behind it.
    (error instanceof RedfishServiceError && (error.status === 502 || error.status === 504)) ||
    (error instanceof RedfishTimeoutError && error.phase !== 'task')
  );
}

/** Whether the error stays the same however often the task is polled. */
export function isLasting(error: RedfishError): boolean {
  return [RedfishTaskError, RedfishClosedError, RedfishRefusedAddressError, RedfishTargetError].some(
    (each) => error instanceof each,
  );
}

/** Whether the BMC shows no such resource to this account, or has none. */
export function isUnshown(error: RedfishError): boolean {
  return (
    error instanceof RedfishNotFoundError ||
    error instanceof RedfishUnsupportedError ||
    (error instanceof RedfishAccessError && error.status === 403)
  );
}

const NO_RESULT = [RedfishAccessError, RedfishPasswordChangeRequiredError, RedfishNotFoundError];

/** Whether the error may be that of the request, as the monitor of its task tells it at the end. */
export function mayBeTaskResult(error: RedfishError): boolean {
  if (NO_RESULT.some((each) => error instanceof each)) return false;
  return error.status !== undefined && error.status >= 400 && !isPassing(error);
}
