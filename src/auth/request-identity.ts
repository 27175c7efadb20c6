import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';
import { type Caller } from './caller.js';

/** Whose request it is, for log lines, locks and records. */
export interface RequestIdentity {
  readonly requestId: string;
  readonly caller: Caller;
  /** Of the client, which a trusted proxy may name; undefined if the connection has ended. */
  readonly remoteAddress: string | undefined;
}

export function identityOf({ requestId, caller, ip: remoteAddress }: Request): RequestIdentity {
  return { requestId, caller, remoteAddress };
}

export const Identity = createParamDecorator((_data: undefined, context: ExecutionContext): RequestIdentity =>
  identityOf(context.switchToHttp().getRequest<Request>()),
);

export const CallerOf = createParamDecorator(
  (_data: undefined, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<Request>().caller,
);

/** `req-<uuid> of <name>` */
export function identityText({
  requestId,
  caller,
}: Pick<RequestIdentity, 'requestId'> & { readonly caller: Pick<Caller, 'name'> }): string {
  return caller.name === null ? requestId : `${requestId} of ${caller.name}`;
}
