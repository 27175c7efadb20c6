import { validateHeaderName, validateHeaderValue } from 'node:http';
import { FerruleError } from '@ferrule/driver-kit';
import { type Redact, redactError } from '../../secrets/redact.js';
import { exceededLimit } from '../../http/bodies/json-size.js';
import { messageOf, VendorPassthruException } from './method-errors.js';

/** Masking more would block the service; larger details are dropped. */
const MAXIMUM_DETAILS = { bytes: 65_536, values: 65_536 };
/** In characters. Clients refuse longer headers. */
const MAXIMUM_CODE = 255;
const MAXIMUM_HEADER = 8_192;

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
  if (code.length > MAXIMUM_CODE) throw new TypeError('its code is too long');
  for (const [name, value] of Object.entries(headers)) {
    if (name.length + value.length > MAXIMUM_HEADER) throw new TypeError('its header is too long');
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const isTooLarge = exceededLimit(MAXIMUM_DETAILS, details) !== undefined;
  const value: unknown = isTooLarge ? {} : JSON.parse(JSON.stringify(details));
  if (!Reflect.defineProperty(error, 'details', { value, configurable: true, writable: true })) {
    throw new TypeError('it cannot be changed');
  }
  return error;
}

function isErrorStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 400 && status <= 599;
}
