import { type Caller } from '@ferrule/driver-kit';

export type { Caller };

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by the middleware `authentication`. */
    caller: Caller;
  }
}

/** Without authentication: may do everything, as in Ironic. */
export const ANYONE: Caller = Object.freeze({
  name: null,
  projectId: null,
  roles: Object.freeze(['admin']),
  hasSystemScope: true,
  knownBy: 'none',
});
