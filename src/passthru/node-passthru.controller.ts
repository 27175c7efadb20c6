import { All, Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { DriverRegistry } from '../drivers/driver.registry.js';
import { Links } from '../http/links.js';
import { NodesService } from '../nodes/nodes.service.js';
import { ArgsGuard } from './args.guard.js';
import { NodeMethodGuard } from './method.guard.js';
import { listMethods } from './method-listing.js';
import { NodeLockGuard } from './node-lock.guard.js';
import { sendOutcome } from './outcome.js';
import { callOf } from './passthru-call.js';
import { PassthruInvoker } from './passthru.invoker.js';

/** The methods of a node's own vendor interface. */
@Controller('v1/nodes/:node/vendor_passthru')
export class NodePassthruController {
  constructor(
    private readonly nodes: NodesService,
    private readonly drivers: DriverRegistry,
    private readonly invoker: PassthruInvoker,
    private readonly links: Links,
  ) {}

  // Before `:method`, which would take it for a method of that name.
  @Get('methods')
  async methods(@Req() request: Request) {
    const node = await this.nodes.findForPassthru(request);
    const vendorInterface = this.drivers.get(node.driver).vendorInterface(node.vendorInterface);
    return listMethods(request, vendorInterface, 'node');
  }

  @All(['', ':method'])
  @UseGuards(NodeMethodGuard, ArgsGuard, NodeLockGuard)
  async call(@Req() request: Request, @Res() response: Response): Promise<void> {
    const outcome = await this.invoker.invoke(callOf(request));
    sendOutcome(response, outcome, this.links.base(request));
  }
}
