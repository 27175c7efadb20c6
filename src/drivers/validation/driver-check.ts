import { FerruleError } from '@ferrule/driver-kit';
import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { Logger } from '@nestjs/common';
import { type Redact } from '../../secrets/redact.js';
import { withLimit } from '../../waiting/with-limit.js';
import { errorOfDriver } from '../execution/driver-error.js';
import { messageOf } from '../execution/method-errors.js';
import { isFailure, stackOf } from '../execution/method-failure.js';

const LIMIT_MS = 10_000;

export class ValidationTimeout extends FerruleError {
  readonly code = 'ValidationTimeout';
  readonly status = 504;

  constructor(what: string) {
    super(`${what} did not end within ${LIMIT_MS / 1_000} s.`);
  }
}

const logger = new Logger('DriverCheck');

/** A check of a driver before a call. */
export class DriverCheck implements DriverCall {
  private controller: AbortController | undefined;

  /**
   * @param what for example `The check of node X by driver acme-xr`.
   * @param source name@version of the package.
   * @param mask hides the secrets of the call.
   */
  constructor(
    readonly what: string,
    readonly requestId: string,
    readonly source: string,
    private readonly mask: Redact,
  ) {}

  redact(text: string): string {
    return this.mask(text);
  }

  /** Aborted at the time limit. Most checks never ask for it. */
  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  fail(error: unknown): void {
    // Without a reason the signal would have one of its own.
    this.abortion.abort(error ?? new Error(messageOf(error)));
  }

  /**
   * Settles as the check does. A later outcome is ignored.
   * @param check returns anything, if it is written in JavaScript.
   * @throws what the check throws, as a copy without secrets, which is logged if it is a failure; ValidationTimeout.
   */
  async run(check: () => unknown): Promise<void> {
    try {
      const checked = driverCalls.run(this, check);
      // Most checks are synchronous, and each call makes some.
      if (typeof checked === 'object' && checked !== null) await this.inTime(Promise.resolve(checked));
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  private async inTime(check: Promise<unknown>): Promise<void> {
    const late = new ValidationTimeout(this.what);
    try {
      await withLimit(check, LIMIT_MS, late, this.signal);
    } catch (error) {
      if (error === late) this.abortion.abort(late);
      throw error;
    }
  }

  private failure(thrown: unknown): FerruleError {
    const error = errorOfDriver(this.what, thrown, this.mask);
    if (isFailure(error)) {
      const reason = this.mask(messageOf(thrown));
      logger.error(
        `${this.requestId}: ${this.what} of ${this.source} failed: ${reason}`,
        stackOf(error, this.mask),
      );
    }
    return error;
  }

  private get abortion(): AbortController {
    this.controller ??= new AbortController();
    return this.controller;
  }
}
