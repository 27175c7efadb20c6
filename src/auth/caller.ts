import { type Caller } from '@ferrule/driver-kit';

export type { Caller };

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by the middleware `authentication`. */
    caller: Caller;
    /**
     * Whom the credentials of the request name now, for an answer that lasts. @throws if they are not accepted any
     * more.
     */
    recognize: () => Caller | Promise<Caller>;
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

/** In UTF-16 units: Keystone has names of 255 characters, with that of their domain twice as many. */
const LONGEST_TEXT = 600;

/** @returns what is wrong with a caller that logs, the audit and the database cannot have. */
export function callerProblem({ id, name, projectId, roles }: Caller): string | undefined {
  for (const text of [id, name, projectId, ...roles]) {
    if (text === null) continue;
    if (text.length > LONGEST_TEXT) return `longer than ${LONGEST_TEXT} characters`;
    if (/\p{Cc}/u.test(text)) return 'with control characters';
    if (!text.isWellFormed()) return 'with half of a character';
  }
  return undefined;
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
