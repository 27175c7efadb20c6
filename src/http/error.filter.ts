import { STATUS_CODES } from 'node:http';
import { FerruleError } from '@ferrule/driver-kit';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { HttpFault, InternalError } from './errors.js';
import { sendJson } from './reply.js';
import { noRoute } from './middleware/verbs.js';

const PROBLEM = 'application/problem+json';

/**
 * python-ironicclient makes of it an argument that its exceptions do not take, dies of that, and so never
 * tries again. It reads no problem documents.
 */
const FATAL_HEADER = 'Retry-After';

/** The one door through which every error leaves. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const error = this.known(exception, request);
    if (response.headersSent) {
      // Half an answer is out: a broken connection is the only honest rest.
      response.destroy();
      return;
    }
    const isProblem = request.headers.accept?.includes(PROBLEM) ?? false;
    for (const [name, value] of Object.entries(error.headers)) {
      if (isProblem || name !== FATAL_HEADER) response.setHeader(name, value);
    }
    if (isProblem) {
      sendJson(response, error.problemStatus, problem(error, request.requestId), PROBLEM);
    } else {
      sendJson(response, error.status, envelope(error));
    }
  }

  private known(exception: unknown, request: Request): FerruleError {
    if (FerruleError.is(exception)) return exception;
    if (exception instanceof HttpException) {
      const status = exception.getStatus();
      // The framework says 404 for a known path with another verb, too.
      return status === 404 ? noRoute(request) : new HttpFault(status, exception.message);
    }
    const stack = exception instanceof Error ? exception.stack : String(exception);
    this.logger.error(`${request.requestId} ${request.method} ${request.path} failed`, stack);
    return new InternalError(request.requestId, exception);
  }
}

/** The value of the one key is a string: with an object in its place ironicclient crashes. */
function envelope(error: FerruleError): { error_message: string } {
  const fault = {
    faultcode: error.status < 500 ? 'Client' : 'Server',
    faultstring: error.message,
    debuginfo: null,
  };
  return { error_message: JSON.stringify(fault) };
}

/** RFC 9457. */
function problem(error: FerruleError, requestId: string): Record<string, unknown> {
  return {
    ...error.details,
    type: 'about:blank',
    title: STATUS_CODES[error.problemStatus] ?? 'Error',
    status: error.problemStatus,
    detail: error.message,
    code: error.code,
    request_id: requestId,
  };
}
