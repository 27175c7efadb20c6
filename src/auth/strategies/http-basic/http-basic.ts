import { setTimeout as delay } from 'node:timers/promises';
import { type Request } from 'express';
import { type WatchedFile } from '../../../files/watched-file.js';
import { header } from '../../../http/request.js';
import { type Caller, htpasswdCaller } from '../../caller.js';
import { networkOf } from '../../../http/limits/network-of.js';
import { TooManyAttempts } from '../../errors.js';
import { FailedAttempts } from '../../failed-attempts.js';
import { Recent } from '../../../http/limits/recent.js';
import { type Recognition, Refusal, type Strategy } from '../strategy.js';
import { schemeOf } from '../scheme.js';
import { credentialsIn } from './credentials.js';
import { type Htpasswd } from '../../files/htpasswd.js';
import { type Claim, PasswordCheck } from './password-check.js';

/** The number of callers that are kept; as many passwords are remembered. */
const REMEMBERED = 256;
const MESSAGE = 'Incorrect username or password';

interface Attempt {
  readonly claim: Claim;
  readonly user: string;
  readonly isKnown: boolean;
  readonly origin: string;
  readonly network: string;
  /** Milliseconds. */
  readonly wait: number;
}

/** Users of Ironic's htpasswd file. All of them may do everything. */
export class HttpBasic implements Strategy {
  readonly name = 'http_basic';
  readonly challenge = 'Basic realm="Baremetal API"';
  private readonly underway = new Map<string, Promise<Recognition>>();
  private readonly callers = new Recent<Caller>(REMEMBERED);

  constructor(
    private readonly users: WatchedFile<Htpasswd>,
    private readonly passwords = new PasswordCheck(),
    private readonly attempts = new FailedAttempts(),
    private readonly pause = (milliseconds: number): Promise<void> =>
      delay(milliseconds, undefined, { ref: false }),
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
    return this.attempt(claim, user, isKnown, networkOf(request.ip));
  }

  /** Requests with the same password are one attempt. */
  private attempt(claim: Claim, user: string, isKnown: boolean, network: string): Promise<Recognition> {
    const origin = `${network} ${user.slice(0, 255)}`;
    const key = `${this.passwords.keyOf(claim)} ${origin}`;
    const underway = this.underway.get(key);
    if (underway !== undefined) return underway;
    const wait = this.attempts.begin(origin);
    if (wait === undefined) throw new TooManyAttempts();
    const outcome = this.compare({ claim, user, isKnown, origin, network, wait }).finally(() =>
      this.underway.delete(key),
    );
    this.underway.set(key, outcome);
    return outcome;
  }

  private async compare({ claim, user, isKnown, origin, network, wait }: Attempt): Promise<Recognition> {
    if (wait > 0) await this.pause(wait);
    const isRight = this.passwords.remembered(claim) ?? (await this.check(claim, origin, siteOf(network)));
    if (!isRight || !isKnown) return refusalOf(user, isKnown, wait > 0);
    this.attempts.succeeded(origin);
    return this.callerOf(user);
  }

  private async check(claim: Claim, origin: string, site: string): Promise<boolean> {
    try {
      return await this.passwords.check(claim, site);
    } catch (error) {
      this.attempts.withdrawn(origin);
      throw error;
    }
  }

  /** The same object for all requests of a user, for which what the policy finds out about a caller is kept. */
  private callerOf(name: string): Caller {
    let caller = this.callers.get(name);
    if (caller === undefined) {
      caller = htpasswdCaller(name);
      this.callers.set(name, caller);
    }
    return caller;
  }
}

/**
 * The origin that takes turns with others: an IPv4 address, or the first 48 bits of an IPv6 one, since one site has
 * many networks of 64 bits.
 */
function siteOf(network: string): string {
  return network.replace(/^((?:[^:]*:){3}).*$/, '$1:/48');
}

function refusalOf(user: string, isKnown: boolean, isDelayed: boolean): Refusal {
  return new Refusal(
    isKnown ? `a wrong password of the user '${user}'` : 'a user that does not exist',
    MESSAGE,
    isDelayed ? 'done' : 'none',
  );
}
