import { Controller, Get, Header, Res } from '@nestjs/common';
import { type HealthCheckResult } from '@nestjs/terminus';
import { type Response } from 'express';
import { Readiness } from './readiness.js';

/** For whatever watches the process; no part of the API, so no versions are negotiated here. */
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. */
  @Get('healthz')
  @Header('Cache-Control', 'no-store')
  alive(): { status: string } {
    return { status: 'ok' };
  }

  /** 503 when the process should be sent nothing; `error` names what is away. */
  @Get('readyz')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const result = await this.readiness.check();
    if (result.status !== 'ok') response.status(503);
    return result;
  }
}
