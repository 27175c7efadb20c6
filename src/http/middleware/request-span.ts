import { SpanStatusCode } from '@opentelemetry/api';
import { type RequestHandler } from 'express';
import { spans } from '../../tracing/spans.js';
import { pathOf } from '../request.js';
import { routeOf } from './observation.js';

/** Everything after it runs in the span of the request. */
export const requestSpan: RequestHandler = (request, response, next) => {
  if (!spans.isOn) {
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
  spans.request({ traceparent, tracestate }, { name: method, attributes }, (span) => {
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
