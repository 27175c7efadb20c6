import { type Request } from 'express';

declare module 'express-serve-static-core' {
  interface Request {
    /** `req-<uuid>`, also in both response headers. */
    requestId: string;
    /** N of the 1.N that was negotiated. */
    microversion: number;
    /** True when `.json` was cut off the path: a resource may still be called so. */
    jsonSuffix: boolean;
  }
}

/** A header that comes once; Node joins repeated ones with commas. */
export function header(request: Request, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The path of a URL as it was sent, without the query. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

/** What follows the question mark; empty without one. */
export function searchOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}
