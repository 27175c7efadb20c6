import { All, Controller, Get, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type z } from 'zod';
import { type Caller } from '../auth/caller.js';
import { CallerOf } from '../auth/request-identity.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { ForwardingFilter } from '../forwarding/forwarding.filter.js';
import { Links } from '../http/links.js';
import { QueryOf } from '../http/parameters.js';
import { OwnDrivers } from '../nodes/own-drivers.js';
import { Ident, type NodeReference } from '../nodes/record/node-reference.js';
import { PassthruNodes } from '../nodes/record/passthru-nodes.js';
import { ArgsGuard } from './guards/args.guard.js';
import { AuditGuard } from './guards/audit.guard.js';
import { CallPolicy } from './call/call-policy.js';
import { NodeMethodGuard } from './guards/method.guard.js';
import { GuardAnswerFilter } from './call/guard-answer.js';
import { IdempotencyGuard } from './idempotency/idempotency.guard.js';
import { keptOutcome } from './idempotency/kept-outcome.js';
import { listMethods } from './method-listing.js';
import { NodeLockGuard } from './lock/node-lock.guard.js';
import { sendOutcome } from './call/outcome.js';
import { callOf } from './call/call-of.js';
import { clientOf } from '../http/client-gone.js';
import { ValidateGuard } from './guards/validate.guard.js';
import { PassthruInvoker } from './passthru.invoker.js';
import { Listing } from '../openapi/listing.js';
import { NODE_METHODS_LISTING, NODE_METHODS_QUERY } from './passthru.docs.js';

@Controller('v1/nodes/:ident/vendor_passthru')
@UseFilters(ForwardingFilter)
export class NodePassthruController {
  constructor(
    private readonly nodes: PassthruNodes,
    private readonly drivers: DriverRegistry,
    private readonly own: OwnDrivers,
    private readonly invoker: PassthruInvoker,
    private readonly links: Links,
    private readonly policy: CallPolicy,
  ) {}

  @Listing(NODE_METHODS_LISTING)
  @Get('methods')
  async methods(
    @CallerOf() caller: Caller,
    @Ident() reference: NodeReference,
    @QueryOf(NODE_METHODS_QUERY) { detail }: z.output<typeof NODE_METHODS_QUERY>,
  ) {
    const node = await this.nodes.get(reference, caller);
    this.own.assertHere(node);
    const found = this.drivers.find(node.driver)?.findInterface('vendor', node.vendorInterface);
    const methods = this.policy.callable(caller, { driver: node.driver, vendorInterface: found, node });
    const { source } = this.own.ofNode(node).interface('vendor', node.vendorInterface);
    return listMethods(methods, source, detail);
  }

  @All(['', ':method'])
  @UseFilters(GuardAnswerFilter)
  @UseGuards(NodeMethodGuard, ArgsGuard, IdempotencyGuard, ValidateGuard, AuditGuard, NodeLockGuard)
  async call(@Req() request: Request, @Res() response: Response): Promise<void> {
    const running = this.invoker.invoke(callOf(request), clientOf(response, 'the method ran'));
    const outcome = await keptOutcome(request, running);
    sendOutcome(response, outcome, this.links);
  }
}
