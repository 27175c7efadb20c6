import { StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Response } from 'express';
import { JsonText, sendEmpty, sendJson, sendJsonText } from './reply.js';

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

  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    const status = statusCode ?? response.statusCode;
    if (body instanceof StreamableFile) return super.reply(response, body, status);
    if (body === undefined) sendEmpty(response, status);
    else if (body instanceof JsonText) sendJsonText(response, status, body.text);
    else sendJson(response, status, body);
    return undefined;
  }
}
