import { Logger } from '@nestjs/common';
import { type RequestHandler } from 'express';
import { TooManyRequests } from '../http/errors.js';
import { networkOf } from '../http/limits/network-of.js';
import { RequestRate } from '../http/limits/request-rate.js';
import { pathOf } from '../http/request.js';
import { throttledCalls } from '../logging/throttled.js';
import { originOf } from './origin.js';

/** Whoever watches the service must see it also while others at the same address send too much. */
const WATCHING: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/** Refuses requests of callers that send too many. After authentication and before the body is read. */
export function requestLimit(rate: number): RequestHandler {
  const rates = new RequestRate(rate);
  const logger = new Logger('Requests');
  const warn = throttledCalls((who: string, leftOut) =>
    logger.warn(
      `Requests of ${who} are refused: more than FERRULE_REQUEST_RATE (${rate} a second).${leftOut}`,
    ),
  );
  return (request, _response, next) => {
    if (WATCHING.includes(pathOf(request.url))) {
      next();
      return;
    }
    const wait = rates.take(originOf(request));
    if (wait > 0) {
      const { id } = request.caller;
      const network = networkOf(request.ip);
      warn(id === null ? network : `${id} from ${network}`);
      throw new TooManyRequests(rate, wait);
    }
    next();
  };
}
