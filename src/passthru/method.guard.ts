import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { nodeReference } from '../nodes/node-reference.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { CallPolicy } from './call-policy.js';
import { driverCallReader, nodeCallReader } from './call/call-reader.js';
import { PassthruCallFactory } from './call/passthru-call.factory.js';

@Injectable()
export class NodeMethodGuard implements CanActivate {
  constructor(
    private readonly nodes: PassthruNodes,
    private readonly calls: PassthruCallFactory,
    private readonly policy: CallPolicy,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const input = nodeCallReader.read(request);
    const node = await this.nodes.get(nodeReference(request), input.caller);
    request.passthruCall = this.policy.admitted(
      () => this.calls.onNode(node, input),
      input.caller,
      () => ({ driver: node.driver, vendorInterface: this.calls.vendorOfNode(node), node }),
    );
    return true;
  }
}

@Injectable()
export class DriverMethodGuard implements CanActivate {
  constructor(
    private readonly calls: PassthruCallFactory,
    private readonly policy: CallPolicy,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { query, ...input } = driverCallReader.read(request);
    const driver = String(request.params['driver']);
    const named = query.vendor_interface;
    request.passthruCall = this.policy.admitted(
      () => this.calls.onDriver(driver, named, input),
      input.caller,
      () => ({ driver, vendorInterface: this.calls.vendorOfDriver(driver, named), node: null }),
    );
    return true;
  }
}
