import { InvalidParameterValue } from '@ferrule/driver-kit';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { RESERVED_ARGUMENTS } from '../drivers/execution/arguments.js';
import { callOf } from './call-of.js';

/** Before the lock guard, so that bad input never takes a lock. */
@Injectable()
export class ArgsGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const call = callOf(context.switchToHttp().getRequest<Request>());
    const reserved = RESERVED_ARGUMENTS.filter((name) => Object.hasOwn(call.rawArgs, name));
    if (reserved.length > 0) {
      throw new InvalidParameterValue(`No argument of a method may be called ${reserved.join(', ')}.`);
    }
    call.args = call.method.parse(call.rawArgs);
    if (call.target.node) await call.driver.validateNode(call.target.node);
    return true;
  }
}
