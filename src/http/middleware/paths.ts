import { type NextFunction, type Request, type Response } from 'express';
import { LEGACY_HEADER } from '../microversion.js';
import { header, pathOf } from '../request.js';

/** Also served without `/v1`, since bookmark links point there. */
const COLLECTIONS = new Set([
  'nodes',
  'chassis',
  'ports',
  'portgroups',
  'drivers',
  'conductors',
  'jobs',
  'fleet_calls',
]);

/** From this version on, a trailing `.json` is part of the path. */
const LITERAL_SUFFIX_MICROVERSION = 91;

/** Documentation and health checks have no microversions. */
export function isApiPath(path: string): boolean {
  return path.startsWith('/v1/') || path === '/v1' || path === '/';
}

/** Single slashes, none at the end. Clients do send `/v1//nodes/X` and `/v1/nodes/?fields=name`. */
export function paths(request: Request, _response: Response, next: NextFunction): void {
  const path = pathOf(request.url);
  const normal = normalize(path);
  if (normal !== path) request.url = normal + request.url.slice(path.length);
  request.jsonSuffix = false;
  next();
}

/** Clients below 1.91 may append `.json`; runs after the negotiation. */
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

function end(path: string): number {
  const slash = path.indexOf('/', 1);
  return slash < 0 ? path.length : slash;
}
