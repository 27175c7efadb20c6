import { type Request } from 'express';

declare module 'express-serve-static-core' {
  interface Request {
    /** `req-<uuid>` */
    requestId: string;
    /** Of its span; undefined while tracing is off. */
    traceId?: string;
    microversion: number;
    /** `.json` was cut off the path; it may be part of a resource's name. */
    jsonSuffix: boolean;
  }
}

/** Node joins repeated headers with commas. */
export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The `Host`, or what a trusted proxy says that it was. Undefined for HTTP/1.0 without one. */
export function hostOf(request: Request): string | undefined {
  return header(request, 'x-forwarded-host') === undefined ? request.headers.host : request.host;
}

export const PROBLEM = 'application/problem+json';

/** Whether errors are answered with problem documents, whose statuses may be others. */
export function wantsProblem(request: Request): boolean {
  return request.headers.accept?.includes(PROBLEM) ?? false;
}

/** Not decoded. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

export function searchOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}
