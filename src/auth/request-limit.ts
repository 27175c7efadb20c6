import { type Request, type RequestHandler } from 'express';
import { TooManyRequests } from '../http/errors.js';
import { networkOf } from '../http/limits/network-of.js';
import { RequestRate } from '../http/limits/request-rate.js';
import { pathOf } from '../http/request.js';

/** What would be restarted if it did not get its answer. */
const PROBES: readonly string[] = ['/healthz', '/readyz'];

/** Refuses requests of callers that send too many. After authentication and before the body is read. */
export function requestLimit(rate: number): RequestHandler {
  const rates = new RequestRate(rate);
  return (request, _response, next) => {
    const wait = rates.take(keyOf(request));
    if (wait > 0 && !PROBES.includes(pathOf(request.url))) throw new TooManyRequests(rate, wait);
    next();
  };
}

function keyOf(request: Request): string {
  const { id, projectId } = request.caller;
  return id === null ? networkOf(request.ip) : `${projectId ?? ''} ${id}`;
}
