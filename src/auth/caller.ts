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

/** A user of Ironic's htpasswd file. */
export function htpasswdCaller(name: string): Caller {
  return frozenCaller({ ...ANYONE, id: `http_basic:${name}`, name, knownBy: 'http_basic' });
}

/** The caller of periodic methods. */
export const SERVICE: Caller = frozenCaller({ ...ANYONE, knownBy: 'service' });

/** The caller of a request for a public path, whose credentials are not looked at. */
export const NOBODY: Caller = frozenCaller({ ...ANYONE, roles: [], hasSystemScope: false });
