import { Controller, Get, Put, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { ForwardingFilter } from '../forwarding/forwarding.filter.js';
import { clientOf } from '../http/client-gone.js';
import { Links } from '../http/links.js';
import { sendEmpty } from '../http/replies/reply.js';
import { GuardAnswerFilter } from './call/guard-answer.js';
import { callOf } from './call/call-of.js';
import { sendOutcome } from './call/outcome.js';
import { ArgsGuard } from './guards/args.guard.js';
import { AuditGuard } from './guards/audit.guard.js';
import { ValidateGuard } from './guards/validate.guard.js';
import { NodeLockGuard } from './lock/node-lock.guard.js';
import {
  GET_BOOT_DEVICE,
  GET_SUPPORTED_BOOT_DEVICES,
  INJECT_NMI,
  SET_BOOT_DEVICE,
} from './operations/management.routes.js';
import { OperationGuard } from './operations/operation.guard.js';
import { Operates } from './operations/operation-route.js';
import { PassthruInvoker } from './passthru.invoker.js';

/** Synchronous calls of the node's management interface. */
@Controller('v1/nodes/:ident/management')
@UseFilters(ForwardingFilter, GuardAnswerFilter)
@UseGuards(OperationGuard, ArgsGuard, ValidateGuard, AuditGuard, NodeLockGuard)
export class ManagementController {
  constructor(
    private readonly invoker: PassthruInvoker,
    private readonly links: Links,
  ) {}

  @Get('boot_device')
  @Operates(GET_BOOT_DEVICE)
  async bootDevice(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Get('boot_device/supported')
  @Operates(GET_SUPPORTED_BOOT_DEVICES)
  async supportedBootDevices(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response);
  }

  @Put('boot_device')
  @Operates(SET_BOOT_DEVICE)
  async setBootDevice(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.run(request, response);
    sendEmpty(response, 204);
  }

  @Put('inject_nmi')
  @Operates(INJECT_NMI)
  async injectNmi(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.run(request, response);
    sendEmpty(response, 204);
  }

  private async answer(request: Request, response: Response): Promise<void> {
    sendOutcome(response, await this.run(request, response), this.links);
  }

  private run(request: Request, response: Response) {
    return this.invoker.invoke(callOf(request), clientOf(response, 'the BMC was asked'));
  }
}
