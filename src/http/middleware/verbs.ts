import { HTTP_METHODS } from '@ferrule/driver-kit';
import { type Application, type NextFunction, type Request, type Response } from 'express';
import { type FerruleError } from '@ferrule/driver-kit';
import { MethodNotAllowed, RouteNotFound } from '../errors.js';
import { isApiPath } from './paths.js';
import { pathOf } from '../request.js';

const VERBS: ReadonlySet<string> = new Set(HTTP_METHODS);

/** Missing in Express's types. */
interface RouteLayer {
  match(path: string): unknown;
  route: { methods: Readonly<Record<string, boolean>> };
}

/** Express answers HEAD on every GET route; Ironic's API has it only for the version documents. */
export function verbs(request: Request, response: Response, next: NextFunction): void {
  const path = pathOf(request.url);
  if (VERBS.has(request.method)) next();
  else if (request.method === 'OPTIONS') sendOptions(request, response);
  else if (!isApiPath(path)) next();
  else if (request.method === 'HEAD' && (path === '/' || path === '/v1')) next();
  else throw noRoute(request);
}

/** 200 for any path, as in Ironic. */
function sendOptions(request: Request, response: Response): void {
  const allowed = allowedVerbs(request.app, pathOf(request.url));
  if (allowed.length > 0) response.setHeader('Allow', allowed.join(', '));
  response.status(200).end();
}

export function noRoute(request: Request): FerruleError {
  const path = pathOf(request.url);
  const allowed = allowedVerbs(request.app, path);
  if (allowed.length === 0) return new RouteNotFound(pathOf(request.originalUrl));
  return new MethodNotAllowed(request.method, pathOf(request.originalUrl), allowed);
}

function allowedVerbs(app: Application, path: string): string[] {
  const layers: readonly unknown[] = app.router.stack;
  const found = new Set<string>();
  for (const layer of layers) {
    if (!isRouteLayer(layer) || !matches(layer, path)) continue;
    const { methods } = layer.route;
    for (const verb of HTTP_METHODS) {
      if (methods['_all'] || methods[verb.toLowerCase()]) found.add(verb);
    }
  }
  return [...found].sort();
}

function isRouteLayer(layer: unknown): layer is RouteLayer {
  return typeof layer === 'object' && layer !== null && 'route' in layer && layer.route !== undefined;
}

function matches(layer: RouteLayer, path: string): boolean {
  try {
    return Boolean(layer.match(path));
  } catch {
    return false;
  }
}
