import {
  type DriverTask,
  type ExclusiveTask,
  FerruleError,
  type Progress,
  type SharedTask,
} from '@ferrule/driver-kit';
import { redactError } from '../../secrets/redact.js';
import { checkDriverInfo } from '../driver-info.js';
import { Abandonment } from './abandonment.js';
import { type MethodCall, type MethodResult, type MethodRun } from './method-call.js';
import { assertInternalInfo } from './internal-info.js';
import { resultOf } from './method-result.js';
import { messageOf, MethodAbandoned, MethodTimeout, VendorPassthruException } from './method-errors.js';

export function runMethod(call: MethodCall): MethodRun {
  const controller = new AbortController();
  const abandonment = new Abandonment(controller.signal, call.method.name);
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
  const { name, timeout } = call.method;
  const stop = () => controller.abort(call.stop?.reason);
  const timer = setTimeout(() => controller.abort(new MethodTimeout(name, timeout)), timeout);
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
  const value = await call.method.call(call.vendorInterface.target, taskOf(call, signal), call.args);
  return resultOf(call.method, value);
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
  return {
    ...shared,
    fence,
    saveInternalInfo: async (changes) => {
      assertInternalInfo(changes);
      await saveInternalInfo(changes);
    },
  };
}

function asFerruleError(error: unknown, call: MethodCall, signal: AbortSignal): FerruleError {
  // After an abort its reason counts, not what the method throws.
  if (signal.aborted && !(error instanceof MethodAbandoned) && FerruleError.is(signal.reason)) {
    return signal.reason;
  }
  if (FerruleError.is(error)) return redactError(error, call.redact);
  const text = `Vendor passthru method '${call.method.name}' failed: ${messageOf(error)}`;
  try {
    return redactError(new VendorPassthruException(text, { cause: error }), call.redact);
  } catch {
    // A cause whose members throw cannot be redacted, so it is dropped.
    return new VendorPassthruException(call.redact(text));
  }
}
