import { FerruleError } from '@ferrule/driver-kit';

/** 500: a method threw something that is none of the kit's errors; that is the cause. */
export class VendorPassthruException extends FerruleError {
  readonly code = 'VendorPassthruException';
  readonly status = 500;
}

/** 504: a method ran past its time limit. */
export class MethodTimeout extends FerruleError {
  readonly code = 'MethodTimeout';
  readonly status = 504;

  /** @param limit milliseconds. */
  constructor(method: string, limit: number) {
    super(
      `Vendor passthru method '${method}' ran past its time limit of ${limit / 1000} s; ` +
        `what it had already done stays done.`,
    );
  }
}

/** 500: the method did not stop when it was told to, so that its outcome is not known. */
export class MethodAbandoned extends FerruleError {
  readonly code = 'MethodAbandoned';
  readonly status = 500;

  constructor(method: string) {
    super(`Vendor passthru method '${method}' did not stop when told to.`);
  }
}

/** 503: a running method was told to stop because the service ends. */
export class ServiceStopping extends FerruleError {
  readonly code = 'ServiceStopping';
  readonly status = 503;

  constructor() {
    super('The service was stopped while the method ran; what it had already done stays done.');
  }
}
