import { Controller, Put, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ForwardingFilter } from '../forwarding/forwarding.filter.js';
import { clientOf } from '../http/client-gone.js';
import { Links } from '../http/links.js';
import { GuardAnswerFilter } from './call/guard-answer.js';
import { callOf } from './call/call-of.js';
import { sendOutcome } from './call/outcome.js';
import { ArgsGuard } from './guards/args.guard.js';
import { AuditGuard } from './guards/audit.guard.js';
import { ValidateGuard } from './guards/validate.guard.js';
import { IdempotencyGuard } from './idempotency/idempotency.guard.js';
import { keptOutcome } from './idempotency/kept-outcome.js';
import { NodeLockGuard } from './lock/node-lock.guard.js';
import { OperationGuard } from './operations/operation.guard.js';
import { Operates } from './operations/operation-route.js';
import { POWER_CHANGE } from './operations/power.route.js';
import { PassthruInvoker } from './passthru.invoker.js';

/** A power change is an asynchronous call of the node's power interface. */
@Controller('v1/nodes/:ident/states')
@UseFilters(ForwardingFilter)
export class PowerController {
  constructor(
    private readonly invoker: PassthruInvoker,
    private readonly links: Links,
  ) {}

  @Put('power')
  @Operates(POWER_CHANGE)
  @UseFilters(GuardAnswerFilter)
  @UseGuards(OperationGuard, ArgsGuard, IdempotencyGuard, ValidateGuard, AuditGuard, NodeLockGuard)
  async change(@Req() request: Request, @Res() response: Response): Promise<void> {
    const running = this.invoker.invoke(callOf(request), clientOf(response, 'the power was changed'));
    const outcome = await keptOutcome(request, running);
    sendOutcome(response, outcome, this.links);
  }
}
