/**
 * An error that a driver may throw. Its message reaches the caller, without the secrets of the call: it should name
 * the value that was wrong and the values that are right.
 */
export abstract class FerruleError extends Error {
  /** Stable across releases; clients and tests may compare it. */
  abstract readonly code: string;
  /** HTTP status in Ironic's envelope. */
  abstract readonly status: number;
  /** HTTP status as `application/problem+json`, where Ironic's is less precise. */
  get problemStatus(): number {
    return this.status;
  }
  /** Response headers that belong to the error, for example `Retry-After`. */
  get headers(): Readonly<Record<string, string>> {
    return {};
  }
  /** Further members of the problem document; never shown in Ironic's envelope. */
  get details(): Readonly<Record<string, unknown>> {
    return {};
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Two copies of the kit may be installed; an error of either is recognised. */
  static is(error: unknown): error is FerruleError {
    return (
      error instanceof Error &&
      'code' in error &&
      typeof error.code === 'string' &&
      'status' in error &&
      typeof error.status === 'number' &&
      'problemStatus' in error
    );
  }
}

/** 400: a value that is present and wrong. */
export class InvalidParameterValue extends FerruleError {
  readonly code: string = 'InvalidParameterValue';
  readonly status = 400;
}

/** 400: a value that has to be there and is not. */
export class MissingParameterValue extends FerruleError {
  readonly code: string = 'MissingParameterValue';
  readonly status = 400;
}

/** 400: the driver or one of its interfaces does not do this. */
export class UnsupportedDriverExtension extends FerruleError {
  readonly code: string = 'UnsupportedDriverExtension';
  readonly status = 400;
}

/** 404: the thing that the call names is not there, on the BMC for example. */
export class NotFound extends FerruleError {
  readonly code: string = 'NotFound';
  readonly status = 404;
}

/** 409: the state of the node or its BMC does not allow this now. */
export class Conflict extends FerruleError {
  readonly code: string = 'Conflict';
  readonly status = 409;
}

/** Why a BMC did not do what it was asked. */
export type BmcFailure = 'unreachable' | 'refused' | 'timeout';

/**
 * The BMC is the cause: 500 in Ironic's envelope, 502 or 504 as a problem document.
 * `code` is Ironic's name for the protocol, `RedfishError` or `IPMIFailure` for example.
 */
export class BmcError extends FerruleError {
  readonly status = 500;

  constructor(
    readonly code: string,
    readonly failure: BmcFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  override get problemStatus(): number {
    return this.failure === 'timeout' ? 504 : 502;
  }

  override get details(): Readonly<Record<string, unknown>> {
    return { failure: this.failure };
  }
}
