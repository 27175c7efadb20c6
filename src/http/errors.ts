import { STATUS_CODES } from 'node:http';
import { FerruleError } from '@ferrule/driver-kit';
import { listed, shortened } from '../text/listed.js';

export class BadRequest extends FerruleError {
  readonly code: string = 'BadRequest';
  readonly status = 400;
}

export class MalformedBody extends BadRequest {
  override readonly code = 'MalformedBody';
}

/** 408. The connection is closed, since the rest may still arrive. */
export class BodyTimeout extends FerruleError {
  readonly code = 'BodyTimeout';
  readonly status = 408;
  constructor(seconds: number) {
    super(`The body of the request did not arrive within ${seconds} s.`);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { Connection: 'close' };
  }
}

/** 429. `Retry-After` has the seconds. */
export class TooManyRequests extends FerruleError {
  readonly code = 'TooManyRequests';
  readonly status = 429;
  private readonly seconds: number;

  /** @param wait milliseconds. */
  constructor(rate: number, wait: number) {
    const seconds = Math.ceil(wait / 1_000);
    super(
      `More requests than FERRULE_REQUEST_RATE (${rate} a second) allows. Please retry after ${seconds} s.`,
    );
    this.seconds = seconds;
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': String(this.seconds) };
  }
}

export class BodyTooLong extends FerruleError {
  readonly code = 'PayloadTooLarge';
  readonly status = 413;
  constructor(limit: number) {
    super(`The body of the request is longer than FERRULE_MAX_BODY (${limit} bytes).`);
  }
}

/** 503: the unfinished bodies of all requests need too much memory, and this one waited longest. */
export class BodyAbandoned extends FerruleError {
  readonly code = 'BodyAbandoned';
  readonly status = 503;
  constructor() {
    super('Too many requests are being received; the rest of this one is not waited for. Please retry.');
  }

  override get headers(): Readonly<Record<string, string>> {
    return { Connection: 'close' };
  }
}

/** 503: too many lists are asked for at once. */
export class ListsBusy extends FerruleError {
  readonly code = 'ListsBusy';
  readonly status = 503;
  constructor() {
    super('Too many lists are asked for at once. Please retry after 10 s.');
  }

  override get headers(): Readonly<Record<string, string>> {
    return { 'Retry-After': '10' };
  }
}

/** Ironic answers these in a form of its own. */
export abstract class BadCredentials extends FerruleError {
  /** A header `WWW-Authenticate` each: browsers read one challenge a line. */
  readonly challenges: readonly string[] = [];
}

/** What a script with an empty variable sends. */
function missingId(path: string): string {
  return path.length > 1 && path.endsWith('/') ? " The path ends with '/': is an id missing?" : '';
}

/** 400: unknown query parameters or body members. */
export class UnexpectedArguments extends BadRequest {
  override readonly code = 'UnexpectedArguments';
  /** @param expected the names that are known. @param path as it was sent. */
  constructor(names: readonly string[], expected: readonly string[] = [], path = '') {
    const known = expected.length === 0 ? '' : `; it takes: ${expected.join(', ')}`;
    super(`Unexpected arguments: ${listed(names)}${known}${missingId(path)}`);
  }
}

export class HostNotAccepted extends FerruleError {
  readonly code = 'HostNotAccepted';
  readonly status = 403;
  constructor(host: string) {
    super(`The host '${shortened(host)}' is not a name of this service; FERRULE_ALLOWED_HOSTS can add it.`);
  }
}

export class ForeignPage extends FerruleError {
  readonly code = 'ForeignPage';
  readonly status = 403;
  constructor(origin: string) {
    super(`Requests from web pages of other sites are refused; this one is from '${shortened(origin)}'.`);
  }
}

export class RouteNotFound extends FerruleError {
  readonly code = 'RouteNotFound';
  readonly status = 404;
  constructor(path: string) {
    super(`The resource ${path} could not be found.`);
  }
}

export class MethodNotAllowed extends FerruleError {
  readonly code = 'MethodNotAllowed';
  readonly status = 405;
  constructor(
    verb: string,
    path: string,
    private readonly allowed: readonly string[],
  ) {
    super(`The method ${verb} is not allowed for ${path}; allowed: ${allowed.join(', ')}.${missingId(path)}`);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { Allow: this.allowed.join(', ') };
  }
}

/** 406: newer than the request's microversion. */
export class NotAcceptable extends FerruleError {
  readonly code: string = 'NotAcceptable';
  readonly status = 406;

  /** @param minor N of the 1.N that introduced `what`. */
  static before(what: string, minor: number): NotAcceptable {
    return new NotAcceptable(
      `Request not acceptable. The minimal required API version for ${what} should be 1.${minor}.`,
    );
  }
}

/** Any other error of Nest or Express. */
export class HttpFault extends FerruleError {
  readonly code: string;
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.code = (STATUS_CODES[status] ?? 'Error').replaceAll(/[^A-Za-z]/g, '');
  }
}

/** 500: details are in the log only. */
export class InternalError extends FerruleError {
  readonly code = 'InternalError';
  readonly status = 500;
  constructor(requestId: string, cause: unknown) {
    super(`An unexpected error occurred. See ${requestId} in the service's log.`, { cause });
  }
}
