import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { CallPolicy } from '../call/call-policy.js';
import { callOf } from '../call/call-of.js';
import { checkArguments } from '../call/checks.js';

/** Before the lock guard, so that bad input never takes a lock. */
@Injectable()
export class ArgsGuard implements CanActivate {
  constructor(private readonly policy: CallPolicy) {}

  canActivate(context: ExecutionContext): boolean {
    const call = callOf(context.switchToHttp().getRequest<Request>());
    checkArguments(call);
    this.policy.decide(call);
    return true;
  }
}
