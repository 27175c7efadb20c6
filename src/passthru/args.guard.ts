import { InvalidParameterValue } from '@ferrule/driver-kit';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Request } from 'express';
import { RESERVED_ARGUMENTS } from '../drivers/execution/arguments.js';
import { errorOfDriver } from '../drivers/execution/driver-error.js';
import { redactor, secretsOf } from '../secrets/redact.js';
import { CallPolicy } from './call-policy.js';
import { callOf } from './call/call-of.js';
import { type PassthruCall } from './call/passthru-call.js';

/** Before the lock guard, so that bad input never takes a lock. */
@Injectable()
export class ArgsGuard implements CanActivate {
  constructor(private readonly policy: CallPolicy) {}

  canActivate(context: ExecutionContext): boolean {
    const call = callOf(context.switchToHttp().getRequest<Request>());
    const reserved = RESERVED_ARGUMENTS.filter((name) => Object.hasOwn(call.rawArgs, name));
    if (reserved.length > 0) {
      throw new InvalidParameterValue(`No argument of a method may be called ${reserved.join(', ')}.`);
    }
    call.args = checkedArguments(call);
    this.policy.decide(call);
    return true;
  }
}

/** Schemas may have checks of the driver, whose errors may have secrets in their messages. */
function checkedArguments({ method, rawArgs, target: { node } }: PassthruCall): Record<string, unknown> {
  try {
    return method.parse(rawArgs);
  } catch (thrown) {
    throw errorOfDriver(
      `The check of the arguments of method '${method.name}'`,
      thrown,
      redactor(() => secretsOf(node, method.secretArguments, rawArgs)),
    );
  }
}
