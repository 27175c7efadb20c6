import { type FerruleError, JobCancelled, OutcomeUnknown, type Progress } from '@ferrule/driver-kit';
import { type DriverCall, driverCalls } from '@ferrule/driver-kit/host';
import { Stop } from '../../waiting/stop.js';
import { errorOfMethod } from './driver-error.js';
import { type MethodCall, type MethodResult } from './method-call.js';
import { MethodAbandoned, MethodEnded, MethodTimeout } from './method-errors.js';
import { resultOf } from './method-result.js';
import { type LockedRun, taskOf } from './method-task.js';

/** An aborted method that has not ended by then is abandoned. */
const ABORT_GRACE_MS = 10_000;

export class MethodRun implements DriverCall, LockedRun {
  /** Settles when the method has ended; rejects with MethodAbandoned if it does not stop. */
  readonly ended: Promise<MethodResult>;
  private readonly stop = new Stop(() => void this.call.stop?.reason);
  private controller: AbortController | undefined;
  private isOver = false;
  private strayError: FerruleError | undefined;
  private thrownDoubt: FerruleError | undefined;
  private timer: NodeJS.Timeout;
  private resolve: (result: MethodResult) => void = () => {};
  private reject: (error: FerruleError) => void = () => {};

  constructor(private readonly call: MethodCall) {
    this.ended = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const { name, timeout } = call.method;
    this.timer = setTimeout(() => this.abort(new MethodTimeout(name, timeout)), timeout);
    call.stop?.onAbort((reason) => this.abort(reason));
    void this.execute();
  }

  get requestId(): string {
    return this.call.requestId;
  }

  get caller(): string | null {
    return this.call.caller.name;
  }

  get callerId(): string | null {
    return this.call.caller.id;
  }

  get node(): string | undefined {
    return this.call.node?.uuid;
  }

  get job(): string | undefined {
    return this.call.job;
  }

  get source(): string {
    return this.call.vendorInterface.source;
  }

  redact(text: string): string {
    return this.call.redact(text);
  }

  fail(thrown: unknown): boolean {
    if (this.isAborted || this.isOver) return this.strayError !== undefined;
    this.strayError = errorOfMethod(this.call.method.name, thrown, this.call.redact);
    this.abort(this.strayError);
    return true;
  }

  /** Ended or abandoned: what the method does from now on does not count. */
  get hasEnded(): boolean {
    return this.isOver;
  }

  progress(report: Progress): void {
    if (!this.isOver) driverCalls.outside(() => this.call.onProgress?.(report));
  }

  /** @throws the reason of an abort, or MethodEnded. */
  assertRunning(): void {
    if (this.isOver) throw this.stop.reason ?? new MethodEnded(this.call.method.name);
  }

  get isAborted(): boolean {
    return this.stop.reason !== undefined;
  }

  /** What the caller was answered when the method was aborted. */
  get abortReason(): FerruleError | undefined {
    return this.stop.reason;
  }

  /** The OutcomeUnknown that the method threw after its abort. */
  get doubt(): FerruleError | undefined {
    return this.thrownDoubt;
  }

  /** Settles as `ended` does, or rejects with the reason of an abort without waiting for the method to end. */
  get answer(): Promise<MethodResult> {
    return new Promise((resolve, reject) => {
      this.ended.then(resolve, reject);
      this.stop.onAbort(reject);
    });
  }

  /** The signal of the task. Most methods never ask for it, and it is costly. */
  get signal(): AbortSignal {
    if (!this.controller) {
      const controller = new AbortController();
      this.controller = controller;
      this.stop.onAbort((reason) => controller.abort(reason));
      looking(controller.signal, () => void this.stop.reason);
    }
    return this.controller.signal;
  }

  abort(reason: FerruleError): void {
    if (this.isAborted || this.isOver) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.abandon(), ABORT_GRACE_MS);
    this.stop.abort(reason);
  }

  abandon(): void {
    const { reason } = this.stop;
    const cause = reason instanceof JobCancelled ? reason : this.strayError;
    this.endWith(new MethodAbandoned(this.call.method.name, cause));
  }

  private async execute(): Promise<void> {
    const { method, vendorInterface, args } = this.call;
    try {
      this.stop.throwIfAborted();
      const task = taskOf(this.call, this);
      const value = await driverCalls.run(this, () => method.call(vendorInterface.target, task, args));
      if (this.strayError) throw this.strayError;
      const result = resultOf(method, value);
      this.end();
      this.resolve(result);
    } catch (error) {
      const thrown = errorOfMethod(method.name, error, this.call.redact);
      const { reason } = this.stop;
      if (reason && OutcomeUnknown.is(thrown)) this.thrownDoubt = thrown;
      // After an abort its reason counts, whatever the method throws.
      this.endWith(reason ?? thrown);
    }
  }

  private endWith(error: FerruleError): void {
    this.end();
    this.reject(error);
  }

  private end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }
}

/**
 * Whoever asks the signal learns what the clock says. After a suspension of the process, timers run in the order in which
 * they were due, so those of a method may come before the one that ends the lease.
 */
function looking(signal: AbortSignal, look: () => void): void {
  Object.defineProperties(signal, {
    aborted: {
      get: (): unknown => {
        look();
        return Reflect.get(AbortSignal.prototype, 'aborted', signal);
      },
    },
    throwIfAborted: {
      value: (): void => {
        look();
        AbortSignal.prototype.throwIfAborted.call(signal);
      },
    },
  });
}
