import { FerruleError } from '@ferrule/driver-kit';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { reasonOf } from '../../logging/reason-of.js';
import { requestLine } from '../../logging/request-line.js';
import { throttledCalls } from '../../logging/throttled.js';
import { BadCredentials, HttpFault, InternalError } from '../errors.js';
import { sendAnswer } from './answer.js';
import { errorAnswer } from './error-answer.js';
import { noRoute } from '../middleware/verbs.js';

/** Whether the service itself lacks something, such as its database; drivers throw errors with the same codes. */
function isOutage(error: FerruleError): boolean {
  return 'isOutage' in error && error.isOutage === true;
}

/** Gets what the answer reports, whether or not the client is still there. */
export type FailureObserver = (request: Request, error: FerruleError) => void;

interface Outage {
  readonly line: string;
  readonly request: Request;
}

@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);
  private readonly logOutage = throttledCalls(({ line, request }: Outage, leftOut) =>
    this.logger.error(requestLine(line + leftOut, request)),
  );

  private readonly observers: FailureObserver[] = [];

  observe(observer: FailureObserver): void {
    this.observers.push(observer);
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const error = this.known(exception, request);
    for (const observe of this.observers) observe(request, error);
    if (response.headersSent) {
      // Shows the client that the rest of the answer is missing.
      response.destroy();
      return;
    }
    if (error instanceof BadCredentials) {
      for (const challenge of error.challenges) response.appendHeader('WWW-Authenticate', challenge);
    }
    sendAnswer(response, errorAnswer(error, request));
  }

  private known(exception: unknown, request: Request): FerruleError {
    const { requestId, method, path } = request;
    if (FerruleError.is(exception)) {
      if (isOutage(exception)) {
        const line = `${requestId} ${method} ${path}: ${exception.message} (${reasonOf(exception)})`;
        this.logOutage({ line, request });
      }
      return exception;
    }
    if (exception instanceof HttpException) {
      const status = exception.getStatus();
      // Nest answers 404 also for an unsupported verb.
      return status === 404 ? noRoute(request) : new HttpFault(status, exception.message);
    }
    const stack = exception instanceof Error ? exception.stack : String(exception);
    this.logger.error(requestLine(`${requestId} ${method} ${path} failed`, request), stack);
    return new InternalError(requestId, exception);
  }
}
