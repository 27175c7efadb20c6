import { type BmcRequest } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { passwordChange, type Sessions } from './sessions.js';

export type Authentication = 'none' | 'basic' | 'session';

export function authenticationOf({ headers }: BmcRequest): Authentication {
  if (headers['x-auth-token'] !== undefined) {
    return 'session';
  }
  return /^basic /i.test(headers['authorization'] ?? '') ? 'basic' : 'none';
}

export class Access {
  constructor(
    private readonly sessions: Sessions,
    private readonly switches: Switches,
  ) {}

  check(request: BmcRequest): void {
    switch (authenticationOf(request)) {
      case 'none':
        throw Refusal.noSession();
      case 'session':
        return this.checkToken(request, request.headers['x-auth-token'] ?? '');
      case 'basic':
        this.checkBasic(request.headers['authorization'] ?? '');
        if (this.switches.applies('spurious401', request)) {
          throw Refusal.noSession();
        }
    }
  }

  private checkToken(request: BmcRequest, token: string): void {
    if (this.switches.applies('sessionExpired', request)) {
      this.sessions.forget(token);
    }
    if (!this.sessions.isValid(token) || this.switches.applies('spurious401', request)) {
      throw Refusal.noSession();
    }
    if (this.sessions.isRestricted(token)) {
      throw new Refusal(403, passwordChange('Administrator'));
    }
  }

  private checkBasic(header: string): void {
    if (this.switches.get('basicRefused')) {
      throw Refusal.noSession();
    }
    const decoded = Buffer.from(header.replace(/^basic\s+/i, ''), 'base64').toString('utf8');
    const colon = decoded.indexOf(':');
    this.sessions.authenticate(decoded.slice(0, colon), decoded.slice(colon + 1));
  }
}
