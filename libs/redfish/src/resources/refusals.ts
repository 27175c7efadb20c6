import {
  RedfishAccessError,
  RedfishConnectionError,
  RedfishNotFoundError,
  RedfishNotReadyError,
  RedfishResponseError,
  RedfishServiceError,
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
