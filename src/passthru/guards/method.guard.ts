import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { nodeReference } from '../../nodes/record/node-reference.js';
import { PassthruNodes } from '../../nodes/record/passthru-nodes.js';
import { CallPolicy } from '../call/call-policy.js';
import { driverCallReader, nodeCallReader } from '../call/call-reader.js';
import { waitOf } from '../call/lock-wait.js';
import { PassthruCallFactory } from '../call/passthru-call.factory.js';
import { DryRun } from '../dry-run/dry-run.js';

@Injectable()
export class NodeMethodGuard implements CanActivate {
  constructor(
    private readonly nodes: PassthruNodes,
    private readonly calls: PassthruCallFactory,
    private readonly policy: CallPolicy,
    private readonly dryRun: DryRun,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { query, ...given } = nodeCallReader.read(request);
    const input = { ...given, wait: waitOf(request, query.wait) };
    const node = await this.nodes.get(nodeReference(request), input.caller);
    const asked = {
      caller: input.caller,
      make: () => this.calls.onNode(node, input),
      callee: () => ({ driver: node.driver, vendorInterface: this.calls.vendorOfNode(node), node }),
    };
    if (query.dry_run) return this.dryRun.instead(request, asked);
    request.passthruCall = this.policy.admitted(asked);
    return true;
  }
}

@Injectable()
export class DriverMethodGuard implements CanActivate {
  constructor(
    private readonly calls: PassthruCallFactory,
    private readonly policy: CallPolicy,
    private readonly dryRun: DryRun,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { query, ...input } = driverCallReader.read(request);
    const driver = String(request.params['driver']);
    const named = query.vendor_interface;
    const asked = {
      caller: input.caller,
      make: () => this.calls.onDriver(driver, named, input),
      callee: () => ({ driver, vendorInterface: this.calls.vendorOfDriver(driver, named), node: null }),
    };
    if (query.dry_run) return this.dryRun.instead(request, asked);
    request.passthruCall = this.policy.admitted(asked);
    return true;
  }
}
