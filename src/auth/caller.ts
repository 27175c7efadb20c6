import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Request } from 'express';

/** Who sends a request, and with which roles. */
export interface Caller {
  /** What logs and jobs call them; null for somebody unknown. */
  readonly name: string | null;
  readonly roles: readonly string[];
}

/** Every caller, as long as requests are not authenticated. */
export const UNKNOWN_CALLER: Caller = Object.freeze({ name: null, roles: Object.freeze([]) });

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by whatever authenticates the request. */
    caller?: Caller;
  }
}

export function callerOf(request: Request): Caller {
  return request.caller ?? UNKNOWN_CALLER;
}

/** The caller, as a parameter of a handler: `call(@CurrentCaller() caller: Caller)`. */
export const CurrentCaller = createParamDecorator((_data: undefined, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<Request>()),
);
