import { STATUS_CODES } from 'node:http';
import { FerruleError } from '@ferrule/driver-kit';
import { listed, shortened } from './listed.js';

/** 400: the request as such is wrong, whatever it is about. */
export class BadRequest extends FerruleError {
  readonly code: string = 'BadRequest';
  readonly status = 400;
}

/** 400: a body that is not what the endpoint takes. */
export class MalformedBody extends BadRequest {
  override readonly code = 'MalformedBody';
}

/** 408: the body did not arrive in time; the connection is closed, since the rest may still come. */
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

/** 400: query parameters or body members that the endpoint does not have. */
export class UnexpectedArguments extends BadRequest {
  override readonly code = 'UnexpectedArguments';
  constructor(names: readonly string[]) {
    super(`Unexpected arguments: ${listed(names)}`);
  }
}

/** 403: the request was sent to a name that is not this service's. */
export class HostNotAccepted extends FerruleError {
  readonly code = 'HostNotAccepted';
  readonly status = 403;
  constructor(host: string) {
    super(
      `The host '${shortened(host)}' is not one of this service's names; FERRULE_ALLOWED_HOSTS can add it.`,
    );
  }
}

/** 403: a browser sends the request for a web page that is not this service's. */
export class ForeignPage extends FerruleError {
  readonly code = 'ForeignPage';
  readonly status = 403;
  constructor(origin: string) {
    super(`Requests of web pages of other sites are refused; this one is of '${shortened(origin)}'.`);
  }
}

/** 404: no such path. */
export class RouteNotFound extends FerruleError {
  readonly code = 'RouteNotFound';
  readonly status = 404;
  constructor(path: string) {
    super(`The resource ${path} could not be found.`);
  }
}

/** 405, with the verbs that the path has. */
export class MethodNotAllowed extends FerruleError {
  readonly code = 'MethodNotAllowed';
  readonly status = 405;
  constructor(
    verb: string,
    path: string,
    private readonly allowed: readonly string[],
  ) {
    super(`The method ${verb} is not allowed for ${path}; it has ${allowed.join(', ')}.`);
  }

  override get headers(): Readonly<Record<string, string>> {
    return { Allow: this.allowed.join(', ') };
  }
}

/** 406: something newer than the microversion that was asked for. */
export class NotAcceptable extends FerruleError {
  readonly code: string = 'NotAcceptable';
  readonly status = 406;

  /** @param minor N of the 1.N that `what` came with. */
  static before(what: string, minor: number): NotAcceptable {
    return new NotAcceptable(
      `Request not acceptable. The minimal required API version for ${what} should be 1.${minor}.`,
    );
  }
}

/** Any other status that the framework came up with. */
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

/** 500: what happened is in the log, not in the answer. */
export class InternalError extends FerruleError {
  readonly code = 'InternalError';
  readonly status = 500;
  constructor(requestId: string, cause: unknown) {
    super(`An unexpected error occurred. The service's log has it under ${requestId}.`, { cause });
  }
}
