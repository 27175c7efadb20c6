import { type Request } from 'express';

export interface Caller {
  /** The name in logs and jobs; null for an unknown caller. */
  readonly name: string | null;
  readonly roles: readonly string[];
}

export const UNKNOWN_CALLER: Caller = Object.freeze({ name: null, roles: Object.freeze([]) });

declare module 'express-serve-static-core' {
  interface Request {
    caller?: Caller;
  }
}

export function callerOf(request: Request): Caller {
  return request.caller ?? UNKNOWN_CALLER;
}
