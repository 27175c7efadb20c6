import { type Request, type RequestHandler, type Response } from 'express';

declare module 'express-serve-static-core' {
  interface Request {
    /** By `performance.now()`. */
    receivedAt: number;
  }
}

const endless = new WeakSet<Response>();

/** Its client leaves before the end by intention, and its duration says nothing. */
export function markEndless(response: Response): void {
  endless.add(response);
}

export function isEndless(response: Response): boolean {
  return endless.has(response);
}

/** Undefined for a client that left before the end of its answer. */
export function statusOf(response: Response): number | undefined {
  return response.writableFinished || isEndless(response) ? response.statusCode : undefined;
}

/** Called once for each request when its answer was sent or its connection ended. */
export type RequestObserver = (request: Request, response: Response, milliseconds: number) => void;

/** First of the middleware, so that the duration has all of them in it. */
export function observation(observers: readonly RequestObserver[]): RequestHandler {
  const tell = function (this: Response): void {
    const { req: request } = this;
    const milliseconds = performance.now() - request.receivedAt;
    for (const observe of observers) observe(request, this, milliseconds);
  };
  return (request, response, next) => {
    request.receivedAt = performance.now();
    response.on('close', tell);
    next();
  };
}

/** The pattern of the path, for example `/v1/nodes/:ident`; undefined if no route was reached. */
export function routeOf(request: Request): string | undefined {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return undefined;
  return typeof route.path === 'string' ? route.path : undefined;
}
