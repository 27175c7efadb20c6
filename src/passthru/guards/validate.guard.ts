import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { callOf } from '../call/call-of.js';
import { validate } from '../call/checks.js';

/** The driver's check of the node, before the lock guard. */
@Injectable()
export class ValidateGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const call = callOf(context.switchToHttp().getRequest<Request>());
    return validate(call)?.then(() => true) ?? true;
  }
}
