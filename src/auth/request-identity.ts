import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type Caller } from './caller.js';

/** Whose request it is, for log lines, locks and records. */
export interface RequestIdentity {
  readonly requestId: string;
  readonly caller: Caller;
}

export const Identity = createParamDecorator(
  (_data: undefined, context: ExecutionContext): RequestIdentity => {
    const { requestId, caller } = context.switchToHttp().getRequest<Request>();
    return { requestId, caller };
  },
);

export const CallerOf = createParamDecorator(
  (_data: undefined, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<Request>().caller,
);

/** `req-<uuid> of <name>` */
export function identityText({ requestId, caller }: RequestIdentity): string {
  return caller.name === null ? requestId : `${requestId} of ${caller.name}`;
}
