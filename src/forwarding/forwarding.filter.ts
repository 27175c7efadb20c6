import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ErrorFilter } from '../http/replies/error.filter.js';
import { Forwarder } from './forwarder.js';
import { ServedElsewhere } from './served-elsewhere.js';

/** For routes that may need a driver of another process. */
@Catch(ServedElsewhere)
export class ForwardingFilter implements ExceptionFilter<ServedElsewhere> {
  constructor(
    private readonly forwarder: Forwarder,
    private readonly errors: ErrorFilter,
  ) {}

  async catch({ conductors }: ServedElsewhere, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    try {
      await this.forwarder.forward(http.getRequest<Request>(), http.getResponse<Response>(), conductors);
    } catch (error) {
      this.errors.catch(error, host);
    }
  }
}
