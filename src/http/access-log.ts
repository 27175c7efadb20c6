import { type Request, type Response } from 'express';
import { destinationOf, type OutputName } from '../logging/destination.js';
import { routeOf, type RequestObserver, statusOf } from './middleware/observation.js';
import { pathOf } from './request.js';

/** In characters. */
const LONGEST_PATH = 2_048;

/** One line of JSON for each request. Without query and headers, which may have secrets. */
export function accessLine(request: Request, response: Response, milliseconds: number): string {
  const { method, requestId, caller, originalUrl, ip, traceId } = request;
  const size = Number(response.getHeader('content-length') ?? NaN);
  return `${JSON.stringify({
    time: new Date().toISOString(),
    method,
    route: routeOf(request) ?? null,
    path: pathOf(originalUrl).slice(0, LONGEST_PATH),
    status: statusOf(response) ?? null,
    duration_ms: Math.round(milliseconds * 1_000) / 1_000,
    bytes: Number.isNaN(size) ? null : size,
    caller: caller?.name ?? null,
    caller_id: caller?.id ?? null,
    request_id: requestId,
    ...(traceId !== undefined && { trace_id: traceId }),
    remote_address: ip ?? null,
  })}\n`;
}

export function accessLog(output: OutputName): RequestObserver {
  const destination = destinationOf(output);
  return (request, response, milliseconds) => destination.write(accessLine(request, response, milliseconds));
}
