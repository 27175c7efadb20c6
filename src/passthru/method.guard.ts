import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { nodeReference } from '../nodes/node-reference.js';
import { PassthruNodes } from '../nodes/passthru-nodes.js';
import { driverCallReader, nodeCallReader } from './call/call-reader.js';
import { PassthruCallFactory } from './call/passthru-call.factory.js';

@Injectable()
export class NodeMethodGuard implements CanActivate {
  constructor(
    private readonly nodes: PassthruNodes,
    private readonly calls: PassthruCallFactory,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const input = nodeCallReader.read(request);
    request.passthruCall = this.calls.onNode(await this.nodes.get(nodeReference(request)), input);
    return true;
  }
}

@Injectable()
export class DriverMethodGuard implements CanActivate {
  constructor(private readonly calls: PassthruCallFactory) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const { query, ...input } = driverCallReader.read(request);
    request.passthruCall = this.calls.onDriver(
      String(request.params['driver']),
      query.vendor_interface,
      input,
    );
    return true;
  }
}
