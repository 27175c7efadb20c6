import { type NextFunction, type Request, type Response } from 'express';
import { LEGACY_HEADER } from '../microversion.js';
import { header, pathOf } from '../request.js';

/** Collections that are also served without `/v1`: that is where bookmark links point. */
const COLLECTIONS = new Set(['nodes', 'drivers', 'jobs']);

/** From 1.91 on a path that ends in `.json` is taken literally. */
const LITERAL_SUFFIX_MICROVERSION = 91;

/** Whether versions are negotiated here; documentation and health checks have none. */
export function isApiPath(path: string): boolean {
  return path.startsWith('/v1/') || path === '/v1' || path === '/';
}

/**
 * One spelling for each API path: single slashes, none at the end, the version in front. Clients really
 * send `/v1//nodes/X` and `/v1/nodes/?fields=name`. What is not the API's stays as it is.
 */
export function paths(request: Request, _response: Response, next: NextFunction): void {
  const path = pathOf(request.url);
  const normal = normalize(path);
  if (normal !== path) request.url = normal + request.url.slice(path.length);
  request.jsonSuffix = false;
  next();
}

/** After the negotiation: clients older than 1.91 may append `.json` to any path. */
export function jsonSuffix(request: Request, _response: Response, next: NextFunction): void {
  const path = pathOf(request.url);
  if (
    path.endsWith('.json') &&
    path.startsWith('/v1/') &&
    request.microversion < LITERAL_SUFFIX_MICROVERSION &&
    header(request, LEGACY_HEADER)
  ) {
    request.url = path.slice(0, -'.json'.length) + request.url.slice(path.length);
    request.jsonSuffix = true;
  }
  next();
}

export function normalize(path: string): string {
  const single = path.includes('//') ? path.replaceAll(/\/{2,}/g, '/') : path;
  const first = single.slice(1, end(single));
  if (first !== 'v1' && !COLLECTIONS.has(first)) return single === '/' ? single : path;
  const versioned = first === 'v1' ? single : `/v1${single}`;
  return versioned.endsWith('/') ? versioned.slice(0, -1) : versioned;
}

/** Where the first segment ends. */
function end(path: string): number {
  const slash = path.indexOf('/', 1);
  return slash < 0 ? path.length : slash;
}
