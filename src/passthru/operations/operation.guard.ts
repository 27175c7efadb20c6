import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Request } from 'express';
import { identityOf } from '../../auth/request-identity.js';
import { Policy } from '../../auth/policy/policy.js';
import { operationAction } from '../../drivers/operation.js';
import { wantsProblem } from '../../http/request.js';
import { nodeReference } from '../../nodes/record/node-reference.js';
import { PassthruNodes } from '../../nodes/record/passthru-nodes.js';
import { callHeadersOf } from '../call/call-headers.js';
import { waitOf } from '../call/lock-wait.js';
import { PassthruCallFactory } from '../call/passthru-call.factory.js';
import { OPERATION, type OperationRoute } from './operation-route.js';

/** Makes the call of an operation that has a path of its own, in the place of `NodeMethodGuard`. */
@Injectable()
export class OperationGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly nodes: PassthruNodes,
    private readonly calls: PassthruCallFactory,
    private readonly policy: Policy,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const route = this.reflector.get<OperationRoute>(OPERATION, context.getHandler());
    const { kind, name } = route;
    const asked = route.read(request);
    const identity = identityOf(request);
    const headers = callHeadersOf(request);
    const node = await this.nodes.get(nodeReference(request), identity.caller);
    const action = operationAction({ kind, interface: '', name });
    const decision = this.policy.assert(identity.caller, action, node);
    const args = route.check(node, asked, request.microversion);
    const call = this.calls.ofOperation(node, kind, {
      ...identity,
      ...headers,
      verb: request.method,
      wantsProblem: wantsProblem(request),
      method: name,
      args,
      textArgs: new Map(),
      wait: waitOf(request, undefined),
    });
    call.decision = decision;
    request.passthruCall = call;
    return true;
  }
}
