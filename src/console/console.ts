import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Request, type RequestHandler, type Response } from 'express';
import { type Config } from '../config/config.js';
import { RouteNotFound } from '../http/errors.js';
import { isLoopback } from '../http/loopback.js';

const FOLDER = fileURLToPath(new URL('../../console', import.meta.url));
const PAGE = 'index.html';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

type Files = ReadonlyMap<string, Buffer>;

/** The page at `/console`. It has no data: its script asks the API, as the user of the browser. */
export function serveConsole(app: NestExpressApplication, config: Pick<Config, 'console' | 'auth'>): void {
  let reading: Promise<Files> | undefined;
  const handler: RequestHandler = (request, response, next) => {
    if (!isConsoleServed(config, app)) throw new RouteNotFound(request.path);
    if (request.path === '/console/') {
      // Relative, for proxies that add a path prefix.
      response.status(302).setHeader('Location', '../console').end();
      return;
    }
    reading ??= readFiles();
    reading.then((files) => send(request, response, files)).catch(next);
  };
  for (const path of ['/console', '/console/:file']) app.getHttpAdapter().getInstance().get(path, handler);
}

/** With `auto`, where those who can reach it are known, or on this machine. */
export function isConsoleServed(
  { console: wanted, auth }: Pick<Config, 'console' | 'auth'>,
  app: NestExpressApplication,
): boolean {
  if (wanted !== 'auto') return wanted === 'on';
  const bound = app.getHttpServer().address();
  return auth.length > 0 || (typeof bound === 'object' && bound !== null && isLoopback(bound.address));
}

async function readFiles(): Promise<Files> {
  const names = (await readdir(FOLDER)).filter((name) => extname(name) in TYPES);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(FOLDER, name))] as const)),
  );
}

function send(request: Request, response: Response, files: Files): void {
  const asked = request.params['file'];
  const name = asked === undefined ? PAGE : String(asked);
  const file = asked === PAGE ? undefined : files.get(name);
  if (file === undefined) throw new RouteNotFound(request.path);
  for (const [header, value] of Object.entries(HEADERS)) response.setHeader(header, value);
  response.setHeader('Content-Type', TYPES[extname(name)] ?? 'application/octet-stream');
  response.setHeader('Content-Length', file.length);
  response.end(file);
}
