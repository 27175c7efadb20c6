import { Controller, Get, Header, Res } from '@nestjs/common';
import { type HealthCheckResult } from '@nestjs/terminus';
import { type Response } from 'express';
import { Readiness } from './readiness.js';

/** Outside the API, so without microversions. */
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('healthz')
  @Header('Cache-Control', 'no-store')
  alive(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const result = await this.readiness.check();
    if (result.status !== 'ok') response.status(503);
    return result;
  }
}
