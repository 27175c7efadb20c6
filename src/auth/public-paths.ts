export const PUBLIC_PATHS: ReadonlySet<string> = new Set([
  '/',
  '/v1',
  '/v1/lookup',
  '/v1/continue_inspection',
  '/docs',
  '/openapi.json',
  '/console',
  '/healthz',
  '/readyz',
  '/metrics',
]);

/**
 * Served without credentials: the version documents, what agents of machines ask for, the documentation, the page of
 * the console, probes and metrics.
 */
export function isPublicPath(path: string): boolean {
  return (
    PUBLIC_PATHS.has(path) ||
    (path.length > 1 && path.endsWith('/') && PUBLIC_PATHS.has(path.slice(0, -1))) ||
    isBelow(path)
  );
}

function isBelow(path: string): boolean {
  return (
    path.startsWith('/docs/') || path.startsWith('/console/') || /^\/v1\/heartbeat\/[^/]+\/?$/.test(path)
  );
}
