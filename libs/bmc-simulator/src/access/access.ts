import { changesOwnPassword, type User } from './accounts.js';
import { type BmcRequest } from '../messages/answer.js';
import { Refusal } from '../messages/errors.js';
import { type Switches } from '../misbehaviours/switches.js';
import { normalisePath } from '../tree/paths.js';
import { credentialsOf, type Sessions } from './sessions.js';

export type Authentication = 'none' | 'basic' | 'session';

export function authenticationOf({ headers }: BmcRequest): Authentication {
  if (headers['x-auth-token'] !== undefined) {
    return 'session';
  }
  return /^basic /i.test(headers['authorization'] ?? '') ? 'basic' : 'none';
}

/** What the roles below Administrator may change, and the accounts of others that they may not even read. */
const MANAGER = /\/(Managers|AccountService|CertificateService|SessionService)(\/|$)/;
const ACCOUNTS = /\/Accounts\/[^/]+$/;

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
        return this.checkBasic(request, request.headers['authorization'] ?? '');
    }
  }

  private checkToken(request: BmcRequest, token: string): void {
    if (this.switches.applies('sessionExpired', request)) {
      this.sessions.forget(token);
    }
    const session = this.sessions.use(token);
    if (!session || this.switches.applies('spurious401', request)) {
      throw Refusal.noSession();
    }
    const path = normalisePath(request.path);
    const isLogout = request.method === 'DELETE' && path === normalisePath(session.path);
    if (!isLogout) {
      this.checkUser(session.user, request);
    }
  }

  private checkBasic(request: BmcRequest, header: string): void {
    if (this.switches.get('basicRefused')) {
      throw Refusal.noSession();
    }
    const { username, password } = credentialsOf(header);
    const user = this.sessions.authenticate(username, password);
    if (this.switches.applies('spurious401', request)) {
      throw Refusal.noSession();
    }
    this.checkUser(user, request);
  }

  private checkUser(user: User, request: BmcRequest): void {
    const path = normalisePath(request.path);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isOwn = path === user.path;
    const isChange = changesOwnPassword(request, user);
    const isOwnPatch = isOwn && request.method === 'PATCH';
    if (
      this.sessions.accounts.mustChange(user) !== undefined &&
      !isChange &&
      !(isOwn && isRead) &&
      !isOwnPatch
    ) {
      throw this.sessions.accounts.passwordChange(user);
    }
    if (user.role === 'Administrator' || (isOwn && isRead) || isChange) {
      return;
    }
    const isReadable = isRead && !ACCOUNTS.test(path);
    if (!isReadable && (isRead || user.role !== 'Operator' || MANAGER.test(path))) {
      const text = 'The account has no privilege for this.';
      throw new Refusal(403, { id: 'InsufficientPrivilege', text });
    }
  }
}
