import { type Request } from 'express';

declare module 'express-serve-static-core' {
  interface Request {
    /** `req-<uuid>`, also in both response headers. */
    requestId: string;
    microversion: number;
    /** Whether `.json` was cut off the path; it may be part of a resource's name. */
    jsonSuffix: boolean;
  }
}

/** A single-valued header; Node joins repeated ones with commas. */
export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The path of a URL, not decoded, without the query. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

export function searchOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}
