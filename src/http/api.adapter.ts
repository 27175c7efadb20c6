import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Response } from 'express';
import { JsonParts, sendEmpty, sendJson, sendJsonParts } from './reply.js';

/** How long a closing server waits for its connections; nothing runs any more by then. */
const CLOSE_MS = 2_000;

/**
 * Express as this API needs it. What a handler returns is sent as JSON, `null` and strings included;
 * `undefined` is an answer without a body.
 */
export class ApiAdapter extends ExpressAdapter {
  constructor() {
    const instance = express();
    // Before the first `use`, which makes the router and fixes this.
    instance.set('case sensitive routing', true);
    instance.set('query parser', false);
    instance.set('etag', false);
    instance.set('x-powered-by', false);
    super(instance);
  }

  /** Whoever has not sent his request or read his answer by then is cut off. */
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
