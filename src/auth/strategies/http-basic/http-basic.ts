import { setTimeout as delay } from 'node:timers/promises';
import { type Request } from 'express';
import { type WatchedFile } from '../../../config/watched-file.js';
import { header } from '../../../http/request.js';
import { ANYONE, type Caller, frozenCaller } from '../../caller.js';
import { networkOf } from '../../../http/limits/network-of.js';
import { FailedAttempts } from '../../failed-attempts.js';
import { Recent } from '../../../http/limits/recent.js';
import { type Recognition, Refusal, type Strategy } from '../strategy.js';
import { schemeOf } from '../scheme.js';
import { credentialsIn } from './credentials.js';
import { type Htpasswd } from '../../files/htpasswd.js';
import { type Claim, PasswordCheck } from './password-check.js';

/** Of the callers, as many as there are remembered passwords. */
const REMEMBERED = 256;
const MESSAGE = 'Incorrect username or password';

/** Users of Ironic's htpasswd file. All of them may do everything. */
export class HttpBasic implements Strategy {
  readonly challenge = 'Basic realm="Baremetal API"';

  private readonly callers = new Recent<Caller>(REMEMBERED);

  constructor(
    private readonly users: WatchedFile<Htpasswd>,
    private readonly passwords = new PasswordCheck(),
    private readonly attempts = new FailedAttempts(),
  ) {}

  recognize(request: Request): Recognition | Promise<Recognition> {
    const authorization = header(request, 'authorization');
    if (authorization === undefined) return undefined;
    const [scheme, rest] = schemeOf(authorization);
    if (scheme !== 'basic') return undefined;
    const { user, password } = credentialsIn(rest);
    const users = this.users.current;
    const hash = users.hashOf(user);
    // A name without a user costs the same time.
    const claim = { password, hash: hash ?? users.decoyOf(user) };
    const isKnown = hash !== undefined;
    if (isKnown && this.passwords.remembered(claim) === true) return this.callerOf(user);
    return this.compare(claim, user, isKnown, request);
  }

  private async compare(
    claim: Claim,
    user: string,
    isKnown: boolean,
    request: Request,
  ): Promise<Recognition> {
    const network = networkOf(request.ip);
    const origin = `${network} ${user.slice(0, 255)}`;
    const wait = this.attempts.delay(origin);
    if (wait > 0) await delay(wait, undefined, { ref: false });
    const isRight = this.passwords.remembered(claim) ?? (await this.passwords.check(claim, network));
    if (isRight && isKnown) {
      this.attempts.succeeded(origin);
      return this.callerOf(user);
    }
    this.attempts.failed(origin);
    return refusalOf(user, isKnown);
  }

  /** The same object for all requests of a user, for which what the policy finds out about a caller is kept. */
  private callerOf(name: string): Caller {
    let caller = this.callers.get(name);
    if (caller === undefined) {
      caller = frozenCaller({ ...ANYONE, name, knownBy: 'http_basic' });
      this.callers.set(name, caller);
    }
    return caller;
  }
}

function refusalOf(user: string, isKnown: boolean): Refusal {
  return new Refusal(
    isKnown ? `a wrong password of the user '${user}'` : 'a user that does not exist',
    MESSAGE,
    true,
  );
}
