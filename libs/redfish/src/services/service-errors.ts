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
    super(`The ${service} is not enabled: ${cause.message}`, { ...RedfishError.detailsOf(cause), cause });
    if (cause.mayBeDone) RedfishError.note(this, { words: '' });
  }
}
