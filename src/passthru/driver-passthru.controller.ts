import { All, Controller, Get, Param, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type z } from 'zod';
import { type Caller } from '../auth/caller.js';
import { CallerOf } from '../auth/request-identity.js';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { ForwardingFilter } from '../forwarding/forwarding.filter.js';
import { Links } from '../http/links.js';
import { QueryOf } from '../http/parameters.js';
import { OwnDrivers } from '../nodes/own-drivers.js';
import { ArgsGuard } from './guards/args.guard.js';
import { AuditGuard } from './guards/audit.guard.js';
import { CallPolicy } from './call/call-policy.js';
import { DriverMethodGuard } from './guards/method.guard.js';
import { GuardAnswerFilter } from './call/guard-answer.js';
import { IdempotencyGuard } from './idempotency/idempotency.guard.js';
import { keptOutcome } from './idempotency/kept-outcome.js';
import { listMethods } from './method-listing.js';
import { sendOutcome } from './call/outcome.js';
import { callOf } from './call/call-of.js';
import { clientOf } from '../http/client-gone.js';
import { ValidateGuard } from './guards/validate.guard.js';
import { PassthruInvoker } from './passthru.invoker.js';
import { Listing } from '../openapi/listing.js';
import { DRIVER_METHODS_LISTING, DRIVER_METHODS_QUERY } from './passthru.docs.js';

@Controller('v1/drivers/:driver/vendor_passthru')
@UseFilters(ForwardingFilter)
export class DriverPassthruController {
  constructor(
    private readonly drivers: DriverRegistry,
    private readonly own: OwnDrivers,
    private readonly invoker: PassthruInvoker,
    private readonly links: Links,
    private readonly policy: CallPolicy,
  ) {}

  // Before `:method`, which would match it.
  @Listing(DRIVER_METHODS_LISTING)
  @Get('methods')
  methods(
    @CallerOf() caller: Caller,
    @Param('driver') name: string,
    @QueryOf(DRIVER_METHODS_QUERY) query: z.output<typeof DRIVER_METHODS_QUERY>,
  ) {
    this.own.assertNamedHere(name);
    const known = this.drivers.find(name);
    const wanted = query.vendor_interface ?? known?.defaultInterface('vendor') ?? '';
    const found = known?.findInterface('vendor', wanted);
    const methods = this.policy.callable(caller, { driver: name, vendorInterface: found, node: null });
    const { source } = this.own.named(name).interface('vendor', wanted);
    return listMethods(methods, source, query.detail);
  }

  @All(['', ':method'])
  @UseFilters(GuardAnswerFilter)
  @UseGuards(DriverMethodGuard, ArgsGuard, IdempotencyGuard, ValidateGuard, AuditGuard)
  async call(@Req() request: Request, @Res() response: Response): Promise<void> {
    const running = this.invoker.invoke(callOf(request), clientOf(response, 'the method ran'));
    const outcome = await keptOutcome(request, running);
    sendOutcome(response, outcome, this.links);
  }
}
