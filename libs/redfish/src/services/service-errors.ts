import { RedfishError, type RedfishErrorDetails } from '../errors.js';

/** The BMC does not have the resource or link that a service needs, such as `EventService` in its service root. */
export class RedfishMissingError extends RedfishError {
  readonly code = 'missing';

  constructor(
    /** The property that should hold the link. */
    readonly property: string,
    /** The path of the resource that does not have it. */
    readonly resource: string,
    details?: RedfishErrorDetails,
  ) {
    super(`${resource} has no ${property}.`, details);
  }
}

/** What was asked for is nothing that this BMC offers. Thrown before anything is changed. */
export class RedfishArgumentError extends RedfishError {
  readonly code = 'argument';

  constructor(
    /** What was wrong, mostly the name of a property. */
    readonly property: string,
    message: string,
    /** What the BMC offers instead; empty if that is nothing or unknown. */
    readonly allowed: readonly string[] = [],
    details?: RedfishErrorDetails,
  ) {
    super(message, details);
  }
}

/** The BMC reported success, and later reads do not show what was asked for. */
export class RedfishNotDoneError extends RedfishError {
  readonly code = 'not-done';
}

/** The BMC refuses because the service is switched off. `cause` is its refusal, whose answer this error carries. */
export class RedfishDisabledError extends RedfishError {
  readonly code = 'disabled';
  declare readonly cause: RedfishError;

  constructor(
    /** The name of the service, such as `EventService`. */
    readonly service: string,
    cause: RedfishError,
  ) {
    const { method, url, status, contentType, messages, retryAfter, allow, answer } = cause;
    const details = { method, url, status, contentType, messages, retryAfter, allow, answer, cause };
    super(`The ${service} is not enabled: ${cause.message}`, details);
    if (cause.mayBeDone) RedfishError.note(this, { words: '' });
  }
}
