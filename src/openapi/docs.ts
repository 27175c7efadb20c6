import { type NestExpressApplication } from '@nestjs/platform-express';
import { type RequestHandler } from 'express';

const PATHS = ['/docs', '/docs/*file', '/openapi.json'];

/**
 * Documentation for those who explore. What makes it takes an eighth of the start to load, and most
 * processes are never asked for it: it is loaded when it is.
 */
export function serveDocs(app: NestExpressApplication): void {
  let pages: Promise<RequestHandler> | undefined;
  const handler: RequestHandler = (request, response, next) => {
    pages ??= import('./document.js').then(({ openApiPages }) => openApiPages(app));
    pages.then((serve) => serve(request, response, next)).catch(next);
  };
  for (const path of PATHS) app.getHttpAdapter().getInstance().get(path, handler);
}
