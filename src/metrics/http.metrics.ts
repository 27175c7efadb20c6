import { HTTP_METHODS } from '@ferrule/driver-kit';
import { Injectable } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { Counter, Histogram, Registry } from 'prom-client';
import { isEndless, routeOf, statusOf } from '../http/middleware/observation.js';

const VERBS: ReadonlySet<string> = new Set([...HTTP_METHODS, 'HEAD', 'OPTIONS']);
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

@Injectable()
export class HttpMetrics {
  private readonly requests: Counter<'route' | 'verb' | 'status'>;
  private readonly duration: Histogram<'route'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'ferrule_http_requests_total',
      help: "Answered requests by the route's pattern, verb and status. The route `none` is every path that has no route, and the status `aborted` a client that left before the end of its answer.",
      labelNames: ['route', 'verb', 'status'],
      registers,
    });
    this.duration = new Histogram({
      name: 'ferrule_http_request_duration_seconds',
      help: 'From the headers of a request to the end of its answer. Without streams of events, which have no end of their own.',
      labelNames: ['route'],
      buckets: SECONDS,
      registers,
    });
  }

  readonly observe = (request: Request, response: Response, milliseconds: number): void => {
    const route = routeOf(request) ?? 'none';
    const verb = VERBS.has(request.method) ? request.method : 'other';
    const status = statusOf(response) ?? 'aborted';
    this.requests.inc({ route, verb, status });
    if (!isEndless(response)) this.duration.observe({ route }, milliseconds / 1_000);
  };
}
