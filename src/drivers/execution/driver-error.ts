import { validateHeaderName, validateHeaderValue } from 'node:http';
import { FerruleError } from '@ferrule/driver-kit';
import { type Redact, redactError } from '../../secrets/redact.js';
import { isLongerThan } from './json-size.js';
import { messageOf, VendorPassthruException } from './method-errors.js';

/** Bytes of JSON. Masking more would block the service; longer details are dropped. */
const MAXIMUM_DETAILS = 65_536;

/**
 * The error for the caller and the log of whatever a method threw, without secrets. Never throws. The kit's errors keep
 * their code and status if they can be sent; any other error is a VendorPassthruException.
 */
export function errorOfMethod(method: string, thrown: unknown, redact: Redact): FerruleError {
  try {
    if (FerruleError.is(thrown)) return redactError(sendable(thrown), redact);
  } catch {
    // Its members throw, or have values that cannot be sent, or cannot be masked.
  }
  const text = `Vendor passthru method '${method}' failed: ${messageOf(thrown)}`;
  try {
    return redactError(new VendorPassthruException(text, { cause: thrown }), redact);
  } catch {
    // A cause whose members throw cannot be redacted, so it is dropped.
    return new VendorPassthruException(redact(text));
  }
}

/** @returns the same error, with details that can be encoded. */
function sendable(error: FerruleError): FerruleError {
  const { message, code, status, problemStatus, headers, details } = error;
  const texts: readonly unknown[] = [message, code];
  if (!texts.every((text) => typeof text === 'string')) throw new TypeError('its message or code is no text');
  if (![status, problemStatus].every(isErrorStatus)) throw new TypeError('its status is no error status');
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const value: unknown = isLongerThan(MAXIMUM_DETAILS, details) ? {} : JSON.parse(JSON.stringify(details));
  if (!Reflect.defineProperty(error, 'details', { value, configurable: true, writable: true })) {
    throw new TypeError('it cannot be changed');
  }
  return error;
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599;
}
