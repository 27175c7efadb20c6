import { FerruleError, JobCancelled } from '@ferrule/driver-kit';
import { beginningOf } from '../../secrets/long-text.js';

/** 500: a method threw another error than the kit's; it is the cause. */
export class VendorPassthruException extends FerruleError {
  readonly code = 'VendorPassthruException';
  readonly status = 500;
}

export class MethodTimeout extends FerruleError {
  readonly code = 'MethodTimeout';
  readonly status = 504;

  /** @param limit milliseconds. */
  constructor(method: string, limit: number) {
    super(
      `Vendor passthru method '${method}' ran past its time limit of ${limit / 1000} s; ` +
        `what it had already done remains.`,
    );
  }
}

export class MethodAbandoned extends FerruleError {
  readonly code = 'MethodAbandoned';
  readonly status = 500;

  /** @param cause that its job was cancelled, or an error that the method left behind, for which it was aborted. */
  constructor(method: string, cause?: FerruleError) {
    super(`Vendor passthru method '${method}' ${abandonment(cause)}`, cause && { cause });
  }
}

function abandonment(cause: FerruleError | undefined): string {
  if (cause instanceof JobCancelled) return 'was cancelled and did not stop; its outcome is unknown.';
  const stray =
    cause === undefined ? '' : ` It was aborted after an error that it left behind: ${cause.message}`;
  return `did not stop after its abort; its outcome is unknown.${stray}`;
}

/** 500: a method returned more than can be sent and stored. What it did to the hardware stays done. */
export class ResultTooLarge extends FerruleError {
  readonly code = 'ResultTooLarge';
  readonly status = 500;

  /** @param excess what it returned and what the limit is. */
  constructor(method: string, excess: string) {
    super(`Vendor passthru method '${method}' ran, but it returned ${excess}.`);
  }

  static ofBytes(method: string, size: number, limit: number): ResultTooLarge {
    return new ResultTooLarge(method, `${mebibytes(size)} MiB; the limit is ${mebibytes(limit)} MiB`);
  }

  static moreThanBytes(method: string, limit: number): ResultTooLarge {
    return new ResultTooLarge(method, `more than ${mebibytes(limit)} MiB, the limit`);
  }

  static moreThanValues(method: string, limit: number): ResultTooLarge {
    return new ResultTooLarge(method, `more than ${limit} members and items, the limit`);
  }
}

function mebibytes(bytes: number): string {
  return String(Math.ceil((bytes / 1_048_576) * 10) / 10);
}

export class MethodEnded extends Error {
  constructor(method: string) {
    super(
      `Vendor passthru method '${method}' has ended, so saveInternalInfo stores nothing; await it before the method ends.`,
    );
  }
}

export class ServiceStopping extends FerruleError {
  readonly code = 'ServiceStopping';
  readonly status = 503;

  constructor() {
    super('The service was stopped while the method ran; what it had already done remains.');
  }
}

/** In characters. */
const MAXIMUM_MESSAGE = 16_384;

/** Drivers can throw anything, including objects whose members throw. */
export function messageOf(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : thrown;
    return beginningOf(String(message), MAXIMUM_MESSAGE).toWellFormed();
  } catch {
    return 'it threw a value without a message';
  }
}
