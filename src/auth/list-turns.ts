import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { type Request, type Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { clientOf } from '../http/client-gone.js';
import { ListsBusy } from '../http/errors.js';
import { FairQueue, type FairQueueLimits, TurnRefused } from '../waiting/fair-queue.js';
import { type Stop } from '../waiting/stop.js';
import { originOf } from './origin.js';

/** One is made while the database works on another. */
const AT_ONCE = 2;
const LIMITS = { length: 1_000, wait: 30_000 };

/** The lists of a process. */
export class ListQueue extends FairQueue {
  constructor(limits: FairQueueLimits = LIMITS) {
    super(AT_ONCE, limits);
  }
}

@Injectable()
export class ListTurns implements NestInterceptor {
  constructor(private readonly queue: ListQueue) {}

  intercept(context: ExecutionContext, handler: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const gone = clientOf(http.getResponse<Response>(), 'the list waited');
    return from(this.list(originOf(http.getRequest<Request>()), gone, handler));
  }

  private async list(origin: string, gone: Stop, handler: CallHandler): Promise<unknown> {
    try {
      return await this.queue.run(origin, () => lastValueFrom(handler.handle()), gone);
    } catch (error) {
      throw error instanceof TurnRefused ? new ListsBusy() : error;
    }
  }
}

/** For long lists: a few are made at once, for callers in turn, so that nobody's many hold up everything else. */
export const InTurns = (): MethodDecorator => UseInterceptors(ListTurns);
