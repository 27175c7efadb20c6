import { type Caller } from '@ferrule/driver-kit';

export type { Caller };

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by the middleware `authentication`. */
    caller: Caller;
  }
}

/** A copy that nobody can change: drivers get it. */
export function frozenCaller({ id, name, projectId, roles, hasSystemScope, knownBy }: Caller): Caller {
  return Object.freeze({
    id,
    name,
    projectId,
    roles: Object.freeze([...roles]),
    hasSystemScope,
    knownBy,
  });
}

/** Without authentication: may do everything, as in Ironic. */
export const ANYONE: Caller = frozenCaller({
  id: null,
  name: null,
  projectId: null,
  roles: ['admin'],
  hasSystemScope: true,
  knownBy: 'none',
});

/** Of periodic methods. */
export const SERVICE: Caller = frozenCaller({ ...ANYONE, knownBy: 'service' });

/** Who asks for a public path; credentials are not looked at there. */
export const NOBODY: Caller = frozenCaller({ ...ANYONE, roles: [], hasSystemScope: false });
