import { createServer } from 'node:http';
import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express, type Response } from 'express';
import { messageClasses } from './message-classes.js';
import { type TlsFiles } from './tls/open-tls.js';
import { createTlsServer } from './tls/tls-server.js';
import { answerParserErrors } from './replies/parser-errors.js';
import { JsonParts, sendEmpty, sendJson, sendJsonParts } from './replies/reply.js';

/** Open connections have this time to end. */
const CLOSE_MS = 2_000;

/** JSON, `null` and strings included; `undefined` is an answer without a body. */
export class ApiAdapter extends ExpressAdapter {
  /** @param tls without it the server speaks http. */
  constructor(private readonly tls?: TlsFiles) {
    const instance = express();
    // Has no effect after the first `use`, which creates the router.
    instance.set('case sensitive routing', true);
    instance.set('query parser', false);
    instance.set('etag', false);
    instance.set('x-powered-by', false);
    super(instance);
  }

  override initHttpServer(): void {
    const app = this.getInstance<Express>();
    // Node's own answer to a request without a Host header has no body; `webPages` refuses it.
    const options = { requireHostHeader: false, ...messageClasses(app) };
    const server =
      this.tls === undefined ? createServer(options, app) : createTlsServer(this.tls, options, app);
    answerParserErrors(server);
    this.setHttpServer(server);
  }

  override async close(): Promise<void> {
    const server = this.getHttpServer();
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    try {
      await super.close();
    } finally {
      clearTimeout(cut);
    }
  }

  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    const status = statusCode ?? response.statusCode;
    if (body instanceof StreamableFile) return super.reply(response, body, status);
    if (body === undefined) sendEmpty(response, status);
    else if (body instanceof JsonParts) sendJsonParts(response, status, body);
    else sendJson(response, status, body);
    return undefined;
  }
}
