import { properties } from './extended-info.js';
import { RedfishError, type RedfishErrorDetails } from './redfish-error.js';

export * from './redfish-error.js';

/** The address of a BMC, or an option of how to reach it, is wrong; thrown before anything is sent. */
export class RedfishTargetError extends RedfishError {
  readonly code = 'target';
}

/** Why a connection failed or broke. */
export type ConnectionFailure = 'name' | 'refused' | 'unreachable' | 'reset' | 'tls';

/** The BMC could not be reached, or the connection broke before there was an answer. */
export class RedfishConnectionError extends RedfishError {
  readonly code = 'connection';

  constructor(
    readonly failure: ConnectionFailure,
    /** True if the request cannot have reached the BMC, so that any verb may be sent again. */
    readonly isUnsent: boolean,
    message: string,
    details?: RedfishErrorDetails,
  ) {
    super(message, details);
  }
}

/** The time limit that was exceeded: `connect` and `first-byte` per exchange, `total` per call, `task` per 202. */
export type TimeoutPhase = 'connect' | 'first-byte' | 'total' | 'task';

/** The BMC took longer than one of the time limits. */
export class RedfishTimeoutError extends RedfishError {
  readonly code = 'timeout';

  constructor(
    readonly phase: TimeoutPhase,
    message: string,
    details?: RedfishErrorDetails,
  ) {
    super(message, details);
  }
}

/** 401 or 403: wrong credentials, a missing privilege or a missing licence. */
export class RedfishAccessError extends RedfishError {
  readonly code = 'access';
}

/** The BMC refuses everything until the account gets a new password. */
export class RedfishPasswordChangeRequiredError extends RedfishError {
  readonly code = 'password-change-required';
}

/** The BMC has no free session. The login is not retried. */
export class RedfishNoFreeSessionError extends RedfishError {
  readonly code = 'no-free-session';
}

/** The BMC still answered that it is not ready after all retries. */
export class RedfishNotReadyError extends RedfishError {
  readonly code = 'not-ready';
}

/** 412 or 428 after every form of If-Match was tried. */
export class RedfishPreconditionError extends RedfishError {
  readonly code = 'precondition';
}

/** The BMC refuses the content of the request. */
export class RedfishValidationError extends RedfishError {
  readonly code = 'validation';

  /** The properties the BMC objects to, as paths without `#/`; empty where it names none. */
  get properties(): readonly string[] {
    return properties(this.messages);
  }

  /** Whether the BMC objects to this property: to one below it, too, and by its words where it names no property. */
  objectsTo(property: string): boolean {
    const { properties } = this;
    if (properties.length > 0) return properties.some((path) => path.split('/')[0] === property);
    return this.reason.split(/\W+/).includes(property);
  }

  /** Whether the BMC names this property in any way. */
  mentions(property: string): boolean {
    return [...this.properties, this.reason].some((text) => text.split(/\W+/).includes(property));
  }

  /** Whether the BMC does not have this property at all, instead of refusing its value. */
  doesNotKnow(property: string): boolean {
    return this.messages.some(
      ({ key, args, related, text }) =>
        /^Property(NotWritableOr)?Unknown$/.test(key) &&
        [...related, ...args, ...text.split(/\W+/)].some((word) => word.split('/')[0] === property),
    );
  }
}

/** 409: the state of the BMC conflicts with the request. */
export class RedfishConflictError extends RedfishError {
  readonly code = 'conflict';
}

/** The BMC does not have this verb or action. */
export class RedfishUnsupportedError extends RedfishError {
  readonly code = 'unsupported';
}

/** There is no such resource. */
export class RedfishNotFoundError extends RedfishError {
  readonly code = 'not-found';
}

/** Any other status of failure, mostly 500. */
export class RedfishServiceError extends RedfishError {
  readonly code = 'service';
}

/** The answer is no valid Redfish: HTML, broken JSON, empty, too large, or an error inside a 200. */
export class RedfishResponseError extends RedfishError {
  readonly code = 'response';
}

/** A link or redirect leads to another origin; it was not followed, and nothing was sent there. */
export class RedfishForeignLinkError extends RedfishError {
  readonly code = 'foreign-link';
}

/** The task of a 202 failed, was cancelled, or vanished. */
export class RedfishTaskError extends RedfishError {
  readonly code = 'task';

  constructor(
    /** TaskState as the BMC sent it, or `Vanished`. */
    readonly state: string,
    message: string,
    details?: RedfishErrorDetails,
  ) {
    super(message, details);
  }
}

/** What was asked for is nothing that this BMC offers, or cannot be sent. Thrown before anything is changed. */
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

/** One of the systems of a BMC. */
export interface SystemCandidate {
  readonly path: string;
  readonly name?: string | undefined;
  readonly model?: string | undefined;
  readonly serial?: string | undefined;
}

/** The BMC has no system or several, and the target names none. */
export class RedfishAmbiguousSystemError extends RedfishError {
  readonly code = 'ambiguous-system';

  constructor(
    readonly candidates: readonly SystemCandidate[],
    message: string,
    details?: RedfishErrorDetails,
  ) {
    super(message, details);
  }
}

/** The address of the BMC is outside the configured networks, or one that is refused by default. */
export class RedfishRefusedAddressError extends RedfishError {
  readonly code = 'refused-address';
}

/** Too many requests wait for this BMC, or this one waited too long. */
export class RedfishBusyError extends RedfishError {
  readonly code = 'busy';
}

/** The BMC refused the credentials repeatedly. They are held back for a while so that it does not lock the account. */
export class RedfishCircuitOpenError extends RedfishError {
  readonly code = 'circuit-open';
}

/** The pool this client came from is closed. */
export class RedfishClosedError extends RedfishError {
  readonly code = 'closed';
}
