import { FerruleError } from '@ferrule/driver-kit';
import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { Logger } from '@nestjs/common';
import { type LineContext, requestLine } from '../../logging/request-line.js';
import { type Redact } from '../../secrets/redact.js';
import { withLimit } from '../../waiting/with-limit.js';
import { errorOfDriver } from '../execution/driver-error.js';
import { messageOf } from '../execution/method-errors.js';
import { isFailure, stackOf } from '../execution/method-failure.js';
import { type TaskRun } from '../execution/method-task.js';

const LIMIT_MS = 10_000;

export class ValidationTimeout extends FerruleError {
  readonly code = 'ValidationTimeout';
  readonly status = 504;

  constructor(what: string) {
    super(`${what} did not end within ${LIMIT_MS / 1_000} s.`);
  }
}

const logger = new Logger('Validation');

/** All asynchronous ones of the process. */
export const runningValidations = new Set<Promise<void>>();

/** One `validate` of a driver before a call. Without a lock and a job there is nothing that could show its progress. */
export class Validation implements DriverCall, TaskRun {
  private controller: AbortController | undefined;
  private isOver = false;

  /**
   * @param what for example `The check of node X by driver acme-xr`.
   * @param context the call.
   * @param source name@version of the package.
   * @param mask hides the secrets of the call.
   */
  constructor(
    readonly what: string,
    private readonly context: LineContext & { readonly requestId: string },
    readonly source: string,
    private readonly mask: Redact,
  ) {}

  get requestId(): string {
    return this.context.requestId;
  }

  get caller(): string | null {
    return this.context.caller?.name ?? null;
  }

  get callerId(): string | null {
    return this.context.caller?.id ?? null;
  }

  get node(): string | undefined {
    return this.context.node?.uuid;
  }

  redact(text: string): string {
    return this.mask(text);
  }

  /** Aborted at the time limit. Most never ask for it. */
  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  progress(): void {}

  fail(error: unknown): boolean {
    if (this.isOver) return false;
    // Without a reason the signal would have one of its own.
    this.abortion.abort(error ?? new Error(messageOf(error)));
    return true;
  }

  /**
   * Ends as `validate` does; a later outcome is ignored. Each call has some, and most are synchronous.
   * @param validate returns anything, if it is written in JavaScript.
   * @returns undefined if nothing is left to wait for.
   * @throws what `validate` throws, as a copy without secrets, which is logged if it is a failure; ValidationTimeout.
   */
  run(validate: () => unknown): Promise<void> | undefined {
    let returned: unknown;
    try {
      returned = driverCalls.run(this, validate);
    } catch (thrown) {
      this.isOver = true;
      throw this.failure(thrown);
    }
    if (typeof returned === 'object' && returned !== null) return this.counted(returned);
    this.isOver = true;
    return undefined;
  }

  private counted(returned: object): Promise<void> {
    const running = this.inTime(returned).finally(() => runningValidations.delete(running));
    runningValidations.add(running);
    return running;
  }

  private async inTime(returned: object): Promise<void> {
    const late = new ValidationTimeout(this.what);
    try {
      await withLimit(Promise.resolve(returned), LIMIT_MS, late, this.signal);
    } catch (error) {
      if (error === late) this.abortion.abort(late);
      throw this.failure(error);
    } finally {
      this.isOver = true;
    }
  }

  private failure(thrown: unknown): FerruleError {
    const error = errorOfDriver(this.what, thrown, this.mask);
    if (isFailure(error)) {
      const reason = this.mask(messageOf(thrown));
      const line = `${this.requestId}: ${this.what} of ${this.source} failed: ${reason}`;
      logger.error(requestLine(line, this.context), stackOf(error, this.mask));
    }
    return error;
  }

  private get abortion(): AbortController {
    this.controller ??= new AbortController();
    return this.controller;
  }
}
