import { validateHeaderName, validateHeaderValue } from 'node:http';
import { inspect } from 'node:util';
import { FerruleError } from '@ferrule/driver-kit';
import { exceededLimit } from '../../json/json-size.js';
import { beginningOf } from '../../secrets/long-text.js';
import { maskValue } from '../../secrets/masking.js';
import { type Redact } from '../../secrets/redact.js';
import { messageOf, VendorPassthruException } from './method-errors.js';
import { LimitExceeded, plainJson } from './plain-json.js';

/** Masking more would block the service; larger details are dropped. */
const MAXIMUM_DETAILS = { bytes: 65_536, values: 65_536 };
/** Of a thrown value that is no error. */
const MAXIMUM_INSPECTED = { bytes: 65_536, values: 1_000 };
/** In characters. Clients refuse longer headers. */
const MAXIMUM_CODE = 255;
const MAXIMUM_HEADER = 8_192;
/** Of an error's message or stack, in characters; masking more would block other requests. */
const MAXIMUM_TEXT = 32_768;
const MAXIMUM_CAUSES = 8;

/** Headers that frame the message, or belong to the connection or to this service, are not the driver's. */
const SENT_HEADERS = /^(?:retry-after|allow|link|x-(?!openstack-|accel-|sendfile).+)$/i;

interface ErrorParts {
  readonly message: string;
  readonly code: string;
  readonly status: number;
  readonly problemStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;
}

class DriverError extends FerruleError {
  readonly code: string;
  readonly status: number;

  constructor(
    private readonly parts: ErrorParts,
    cause: Error | undefined,
  ) {
    super(parts.message, cause && { cause });
    this.code = parts.code;
    this.status = parts.status;
  }

  override get problemStatus(): number {
    return this.parts.problemStatus;
  }

  override get headers(): Readonly<Record<string, string>> {
    return this.parts.headers;
  }

  override get details(): Readonly<Record<string, unknown>> {
    return this.parts.details;
  }
}

/**
 * A copy without secrets, since the members of a thrown value may change or throw whenever they are read. The kit's
 * errors keep their code and status if they can be sent; any other is a VendorPassthruException. Never throws.
 * @param what failed, for example `Vendor passthru method 'x'`.
 */
export function errorOfDriver(what: string, thrown: unknown, redact: Redact): FerruleError {
  try {
    if (FerruleError.is(thrown)) return copyOf(thrown, redact);
  } catch {
    // Its members throw, or have values that cannot be sent.
  }
  const cause = copyOfCause(thrown, redact);
  return new VendorPassthruException(redact(`${what} failed: ${messageOf(thrown)}`), cause && { cause });
}

export function errorOfMethod(method: string, thrown: unknown, redact: Redact): FerruleError {
  return errorOfDriver(`Vendor passthru method '${method}'`, thrown, redact);
}

/** @throws if a member throws or cannot be sent. */
function copyOf(error: FerruleError, redact: Redact): FerruleError {
  const members: Partial<Record<keyof FerruleError, unknown>> = error;
  const { message, code, status, problemStatus, stack, cause } = members;
  if (typeof message !== 'string' || typeof code !== 'string')
    throw new TypeError('it has no message or code');
  if (code.length > MAXIMUM_CODE) throw new TypeError('its code is too long');
  const copy = new DriverError(
    {
      message: shown(message, redact),
      code: code.toWellFormed(),
      status: errorStatus(status),
      problemStatus: errorStatus(problemStatus),
      headers: sendableHeaders(members.headers, redact),
      details: sendableDetails(members.details, redact),
    },
    copyOfCause(cause, redact),
  );
  copy.stack = shown(typeof stack === 'string' ? stack : message, redact);
  return copy;
}

function errorStatus(status: unknown): number {
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 400 || status > 599) {
    throw new TypeError('its status is no error status');
  }
  return status;
}

function sendableHeaders(headers: unknown, redact: Redact): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) throw new TypeError('it has no headers');
  const sent = Object.entries(headers).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value !== 'string') throw new TypeError('its header is no text');
    if (name.length + value.length > MAXIMUM_HEADER) throw new TypeError('its header is too long');
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return SENT_HEADERS.test(name) ? [[name, redact(value)] as const] : [];
  });
  return Object.fromEntries(sent);
}

function sendableDetails(details: unknown, redact: Redact): Record<string, unknown> {
  const masked = maskValue(plainDetails(details), redact);
  return typeof masked === 'object' && masked !== null ? { ...masked } : {};
}

function plainDetails(details: unknown): unknown {
  try {
    return plainJson(MAXIMUM_DETAILS, details);
  } catch (error) {
    if (error instanceof LimitExceeded) return {};
    throw error;
  }
}

/** Undefined if there is none, or if it cannot be read. */
function copyOfCause(thrown: unknown, redact: Redact, depth = 0): Error | undefined {
  if (thrown === undefined || depth === MAXIMUM_CAUSES) return undefined;
  try {
    if (!(thrown instanceof Error)) return errorWith(shown(inspected(thrown), redact));
    const members: { message?: unknown; stack?: unknown; cause?: unknown } = thrown;
    const { message, stack, cause } = members;
    const text = typeof message === 'string' ? message : '';
    const copy = errorWith(shown(typeof stack === 'string' ? stack : text, redact), shown(text, redact));
    const next = copyOfCause(cause, redact, depth + 1);
    return next ? Object.assign(copy, { cause: next }) : copy;
  } catch {
    return undefined;
  }
}

function errorWith(stack: string, message = stack): Error {
  return Object.assign(new Error(message), { stack });
}

function inspected(thrown: unknown): string {
  if (exceededLimit(MAXIMUM_INSPECTED, thrown) !== undefined) return 'a value that is too large to show';
  return inspect(thrown, { depth: 2, customInspect: false });
}

function shown(text: string, redact: Redact): string {
  return redact(beginningOf(text, MAXIMUM_TEXT).toWellFormed());
}
