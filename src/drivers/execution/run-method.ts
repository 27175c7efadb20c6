import {
  Attachment,
  type DriverTask,
  type ExclusiveTask,
  FerruleError,
  type HttpMethod,
  type JsonObject,
  type Progress,
  type SharedTask,
  type TaskNode,
} from '@ferrule/driver-kit';
import { redactError } from '../../secrets/redact.js';
import { checkDriverInfo } from '../driver-info.js';
import { type PassthruMethod } from './passthru-method.js';

/** Milliseconds that a method may go on after its signal was aborted, before it is given up. */
const ABORT_GRACE = 10_000;

/** 500: a driver threw something that is none of the kit's errors. */
export class VendorPassthruException extends FerruleError {
  readonly code = 'VendorPassthruException';
  readonly status = 500;
}

/** 504: a method ran past its time limit. */
export class MethodTimeout extends FerruleError {
  readonly code = 'MethodTimeout';
  readonly status = 504;
}

/** The method did not stop when it was told to: nobody knows what it did, or still does. */
export class MethodAbandoned extends FerruleError {
  readonly code = 'MethodAbandoned';
  readonly status = 500;
}

/** What a node method's lock lets it do. */
export interface ExclusiveAccess {
  readonly fence: string;
  readonly saveInternalInfo: (changes: JsonObject) => Promise<void>;
}

/** One call of one method: what it works on, for whom, and until when. */
export interface MethodCall {
  readonly method: PassthruMethod;
  /** The object of the vendor interface. */
  readonly target: object;
  readonly driver: string;
  readonly httpMethod: HttpMethod;
  readonly requestId: string;
  /** As the method's schema made them. */
  readonly args: Record<string, unknown>;
  /** Null for a driver-level call. */
  readonly node: TaskNode | null;
  /** Only under an exclusive lock. */
  readonly access?: ExclusiveAccess | undefined;
  /** Aborted when the lock is lost; its reason is the error that the caller gets. */
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: (progress: Progress) => void;
  /** Takes secrets out of a text that is about to leave the service. */
  readonly redact: (text: string) => string;
}

/** The JSON text of a result, or a file. */
export type MethodResult = { readonly json: string } | { readonly attachment: Attachment };

/** A method that runs. */
export interface MethodRun {
  /** Settles when the method has ended; rejects with MethodAbandoned when it would not stop. */
  readonly ended: Promise<MethodResult>;
  /** Aborted at the time limit, by `stop` or by `abort`. */
  readonly signal: AbortSignal;
  /** Tells the method to stop; the reason is the error that the caller gets. */
  abort(reason: FerruleError): void;
  /** Waits for it no longer. */
  abandon(): void;
}

/** Runs a passthru method: the one place that does, for the request and for the conductor. */
export function runMethod(call: MethodCall): MethodRun {
  const controller = new AbortController();
  const abandonment = new Abandonment(controller.signal, call.method);
  return {
    ended: supervise(call, controller, abandonment),
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    abandon: () => abandonment.now(),
  };
}

async function supervise(
  call: MethodCall,
  controller: AbortController,
  abandonment: Abandonment,
): Promise<MethodResult> {
  const { signal } = controller;
  const stop = () => controller.abort(call.stop?.reason);
  const timer = setTimeout(() => controller.abort(timeoutOf(call.method)), call.method.timeout);
  if (call.stop?.aborted) stop();
  call.stop?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([execute(call, signal), abandonment.promise]);
  } catch (error) {
    throw asFerruleError(error, call, signal);
  } finally {
    clearTimeout(timer);
    abandonment.cancel();
    call.stop?.removeEventListener('abort', stop);
  }
}

async function execute(call: MethodCall, signal: AbortSignal): Promise<MethodResult> {
  signal.throwIfAborted();
  const value = await call.method.call(call.target, taskOf(call, signal), call.args);
  if (call.method.isAttachment) {
    if (Attachment.is(value)) return { attachment: value };
    throw new TypeError(`it declares an attachment and returned none`);
  }
  const json = JSON.stringify(value ?? null) as string | undefined;
  if (json === undefined) throw new TypeError(`it returned a ${typeof value}, which JSON cannot carry`);
  return { json };
}

function taskOf(call: MethodCall, signal: AbortSignal): DriverTask | SharedTask | ExclusiveTask {
  const { node, driver, httpMethod, requestId } = call;
  const progress = (report: Progress): void => call.onProgress?.(report);
  if (!node) return { driver, httpMethod, requestId, signal, progress };
  const shared: SharedTask = {
    node,
    httpMethod,
    requestId,
    signal,
    progress,
    driverInfo: (schema) => checkDriverInfo(driver, node.uuid, schema, node.driverInfo),
  };
  if (!call.access) return shared;
  const { fence, saveInternalInfo } = call.access;
  return { ...shared, fence, saveInternalInfo };
}

function asFerruleError(error: unknown, call: MethodCall, signal: AbortSignal): FerruleError {
  // Whatever a method throws once it was told to stop, the cause is why it had to.
  if (signal.aborted && !(error instanceof MethodAbandoned) && FerruleError.is(signal.reason)) {
    return signal.reason;
  }
  return redactError(FerruleError.is(error) ? error : unexpected(error, call), call.redact);
}

function unexpected(error: unknown, { method }: MethodCall): VendorPassthruException {
  const message = error instanceof Error ? error.message : String(error);
  return new VendorPassthruException(`Vendor passthru method '${method.name}' failed: ${message}`, {
    cause: error,
  });
}

function timeoutOf(method: PassthruMethod): MethodTimeout {
  return new MethodTimeout(
    `Vendor passthru method '${method.name}' ran past its time limit of ${method.timeout / 1000} s; ` +
      `what it had already done stays done.`,
  );
}

/** Rejects some time after an abort, so that a method which ignores its signal holds nothing for ever. */
class Abandonment {
  readonly promise: Promise<never>;
  private timer: NodeJS.Timeout | undefined;
  private reject: (reason: Error) => void = () => {};
  private readonly onAbort = (): void => {
    this.timer = setTimeout(() => this.now(), ABORT_GRACE);
  };

  constructor(
    private readonly signal: AbortSignal,
    private readonly method: PassthruMethod,
  ) {
    this.promise = new Promise<never>((_, reject) => {
      this.reject = reject;
    });
    if (signal.aborted) this.onAbort();
    else signal.addEventListener('abort', this.onAbort, { once: true });
  }

  now(): void {
    this.reject(
      new MethodAbandoned(`Vendor passthru method '${this.method.name}' did not stop when told to.`),
    );
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.signal.removeEventListener('abort', this.onAbort);
  }
}
