import { type Request, type RequestHandler } from 'express';
import { ANYONE, type Caller } from './caller.js';

export interface Authenticator {
  /** @throws Unauthorized (401), MalformedCredentials (400). */
  authenticate(request: Request): Caller | Promise<Caller>;
}

/** FERRULE_AUTH=none. */
export const noAuthentication: Authenticator = { authenticate: () => ANYONE };

/** Sets `request.caller`. Before routing, so that a caller without credentials does not learn which paths exist. */
export function authentication(authenticator: Authenticator): RequestHandler {
  return (request, _response, next) => {
    request.recognize = () => authenticator.authenticate(request);
    const caller = authenticator.authenticate(request);
    if (caller instanceof Promise) {
      caller.then((known) => {
        request.caller = known;
        next();
      }, next);
    } else {
      request.caller = caller;
      next();
    }
  };
}
