import { type Caller } from '@ferrule/driver-kit';
import { type Authenticator } from '../../src/auth/authenticator.js';
import { ANYONE, frozenCaller } from '../../src/auth/caller.js';

const HEADER = 'x-test-caller';

/** Believes the header of a test; without it the caller may do everything. */
export const testAuthenticator: Authenticator = {
  authenticate: ({ headers }) => {
    const text = headers[HEADER];
    return typeof text === 'string' ? frozenCaller(JSON.parse(text) as Caller) : ANYONE;
  },
};

export function asCaller(members: Partial<Caller>): { readonly headers: Record<string, string> } {
  const id = typeof members.name === 'string' ? `token:${members.name}` : null;
  return { headers: { [HEADER]: JSON.stringify({ ...ANYONE, id, knownBy: 'token', ...members }) } };
}
