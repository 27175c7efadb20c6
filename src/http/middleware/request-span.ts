import { SpanStatusCode } from '@opentelemetry/api';
import { type Request, type RequestHandler } from 'express';
import { spans } from '../../tracing/spans.js';
import { pathOf } from '../request.js';
import { routeOf } from './observation.js';

/**
 * Everything after it runs in the span of the request, which begins when the request was received. It comes after the
 * authentication: nobody unknown may fill the collector, or choose by `traceparent` what is sampled.
 */
export const requestSpan =
  (isTraced: (request: Request) => boolean): RequestHandler =>
  (request, response, next) => {
    if (!spans.isOn || !isTraced(request)) {
      next();
      return;
    }
    const { method, headers, requestId } = request;
    const attributes = {
      'http.request.method': method,
      'url.path': pathOf(request.originalUrl),
      'ferrule.request_id': requestId,
    };
    const { traceparent, tracestate } = headers;
    const startTime = Date.now() - (performance.now() - request.receivedAt);
    spans.request({ traceparent, tracestate }, { name: method, attributes, startTime }, (span) => {
      const traceId = span?.spanContext().traceId;
      if (traceId !== undefined) request.traceId = traceId;
      response.on('close', () => {
        const route = routeOf(request);
        if (route !== undefined) span?.updateName(`${method} ${route}`).setAttribute('http.route', route);
        span?.setAttribute('http.response.status_code', response.statusCode);
        if (response.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
        span?.end();
      });
      next();
    });
  };
