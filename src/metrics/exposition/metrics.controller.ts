import { Controller, Get, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { RouteNotFound } from '../../http/errors.js';
import { sendText } from '../../http/replies/reply.js';
import { Exposition } from './exposition.js';
import { MetricsEndpoint } from './metrics.endpoint.js';

/** Outside the API, so without microversions. */
@Controller()
export class MetricsController {
  constructor(
    private readonly exposition: Exposition,
    private readonly endpoint: MetricsEndpoint,
  ) {}

  @Get('metrics')
  async metrics(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!this.endpoint.isOnMainPort) throw new RouteNotFound(request.path);
    response.setHeader('Cache-Control', 'no-store');
    sendText(response, await this.exposition.text(), this.exposition.contentType);
  }
}
