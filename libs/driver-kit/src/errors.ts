/** An error for the caller, sent without the secrets of the call. Its message names the wrong value and the valid ones. */
export abstract class FerruleError extends Error {
  /** Stable across releases; clients may compare it. */
  abstract readonly code: string;
  /** HTTP status with Ironic's envelope. */
  abstract readonly status: number;
  /** HTTP status as `application/problem+json`, if more precise than Ironic's. */
  get problemStatus(): number {
    return this.status;
  }
  /** Response headers: `Retry-After`, `Allow`, `Link` and `X-…` are sent; others of a driver's error are dropped. */
  get headers(): Readonly<Record<string, string>> {
    return {};
  }
  /** Further members of the problem document; not part of Ironic's envelope. */
  get details(): Readonly<Record<string, unknown>> {
    return {};
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Also true for an error of another installed copy of the kit. */
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

/** 400: a value is wrong. */
export class InvalidParameterValue extends FerruleError {
  readonly code: string = 'InvalidParameterValue';
  readonly status = 400;
}

/** 400: a required value is missing. */
export class MissingParameterValue extends FerruleError {
  readonly code: string = 'MissingParameterValue';
  readonly status = 400;
}

/** 400: the driver or one of its interfaces does not support this. */
export class UnsupportedDriverExtension extends FerruleError {
  readonly code: string = 'UnsupportedDriverExtension';
  readonly status = 400;
}

/** 404: something that the call names does not exist, for example on the BMC. */
export class NotFound extends FerruleError {
  readonly code: string = 'NotFound';
  readonly status = 404;
}

/** 409: the state of the node or its BMC does not allow this now. */
export class Conflict extends FerruleError {
  readonly code: string = 'Conflict';
  readonly status = 409;
}

/**
 * 500: the request was sent to the hardware, and it is unknown whether it was done, for example because the answer was
 * lost. A job that ends with it has the state `outcome-unknown`.
 */
export class OutcomeUnknown extends FerruleError {
  readonly code: string = 'OutcomeUnknown';
  readonly status = 500;

  /** Also true for an error of another installed copy of the kit. */
  static override is(error: unknown): error is OutcomeUnknown {
    return FerruleError.is(error) && error.code === 'OutcomeUnknown';
  }
}

/**
 * 409: the reason of the task's signal when somebody cancelled the job; methods do not make one. A method that throws after
 * that ends its job as `cancelled`, or as `outcome-unknown` if it throws `OutcomeUnknown`.
 */
export class JobCancelled extends FerruleError {
  readonly code: string = 'JobCancelled';
  readonly status = 409;

  /** Also true for an error of another installed copy of the kit. */
  static override is(error: unknown): error is JobCancelled {
    return FerruleError.is(error) && error.code === 'JobCancelled';
  }
}

/** Why a BMC failed. */
export type BmcFailure = 'unreachable' | 'refused' | 'timeout';

/** A failure of the BMC: 500 in Ironic's envelope, 502 or 504 as a problem document. Clients may compare its `code`. */
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
