import { type FerruleError, isJsonObject, MASK, type PlannedRequest } from '@ferrule/driver-kit';
import { MethodTimeout } from '../../drivers/execution/method-errors.js';
import { MethodRun } from '../../drivers/execution/method-run.js';
import { plainJson } from '../../drivers/execution/plain-json.js';
import { maskBelowSecretKeys } from '../../secrets/masking.js';
import { redactor, secretsOf } from '../../secrets/redact.js';
import { Stop } from '../../waiting/stop.js';
import { type PassthruCall } from '../call/passthru-call.js';

/** Milliseconds; the caller waits, whatever time the method has. */
const LIMIT = 60_000;
/** Of a request that is shown. */
const MAXIMUM = { bytes: 1_048_576, values: 10_000 };

/**
 * Calls the method without a lock, to learn what it would send. What it reads, it reads from the hardware.
 * @returns the requests, without secrets. @throws what the method throws before its first change.
 */
export async function rehearse(call: PassthruCall, gone: Stop): Promise<readonly unknown[]> {
  const { target, method, rawArgs } = call;
  const redact = redactor(() => secretsOf(target.node, method.secretArguments, rawArgs));
  const planned: unknown[] = [];
  const numbers = numbersIn(method.secretArguments.map((name) => rawArgs[name]));
  const onPlanned = ({ method: verb, path, body }: PlannedRequest): void => {
    const plain = plainJson(MAXIMUM, { method: verb, path, ...(body === undefined ? {} : { body }) });
    planned.push(withoutNumbers(numbers, maskBelowSecretKeys(plain, redact)));
  };
  const stop = new Stop();
  const end = (reason: FerruleError): void => stop.abort(reason);
  gone.onAbort(end);
  const timer = setTimeout(() => stop.abort(new MethodTimeout(method.name, LIMIT)), LIMIT);
  try {
    await new MethodRun({ ...callOf(call), stop, redact, onPlanned }).ended;
  } catch (error) {
    if (planned.length === 0) throw error;
  } finally {
    clearTimeout(timer);
    gone.removeListener(end);
  }
  return planned;
}

function callOf(call: PassthruCall) {
  const { driver, vendorInterface, operation, method, httpMethod, requestId, caller, args, target } = call;
  const { node } = target;
  return {
    mode: 'sync',
    operation,
    method,
    vendorInterface,
    driver: driver.name,
    httpMethod,
    requestId,
    caller,
    args,
    node,
  } as const;
}

/** Texts are masked by the redactor, which knows no numbers: a secret argument may have some. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (Array.isArray(value)) return value.flatMap(numbersIn);
  return isJsonObject(value) ? Object.values(value).flatMap(numbersIn) : [];
}

function withoutNumbers(numbers: readonly number[], value: unknown): unknown {
  if (typeof value === 'number') return numbers.includes(value) ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => withoutNumbers(numbers, item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutNumbers(numbers, member)]),
  );
}
