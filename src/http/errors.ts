import { STATUS_CODES } from 'node:http';
import { FerruleError } from '@ferrule/driver-kit';

/** 400: the request as such is wrong, whatever it is about. */
export class BadRequest extends FerruleError {
  readonly code: string = 'BadRequest';
  readonly status = 400;
}

/** 400: a body that is not what the endpoint takes. */
export class MalformedBody extends BadRequest {
  override readonly code = 'MalformedBody';
}

/** 400: query parameters or body members that the endpoint does not have. */
export class UnexpectedArguments extends BadRequest {
  override readonly code = 'UnexpectedArguments';
  constructor(names: readonly string[]) {
    super(`Unexpected arguments: ${[...names].sort().join(', ')}`);
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
