import type { Bmc } from './bmc.js';
import type { Circuit } from './circuit.js';
import {
  RedfishAccessError,
  RedfishError,
  RedfishNoFreeSessionError,
  RedfishNotFoundError,
  RedfishPasswordChangeRequiredError,
  RedfishResponseError,
  RedfishTimeoutError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from '../errors.js';
import { gaveUp } from '../wire/retry.js';
import { CallScope, orAborted } from '../wire/scope.js';
import { Sessions, type Session } from './sessions.js';
import type { RedfishAuthType, RedfishCredential } from '../target.js';

/** Milliseconds for which basic is used after a BMC had no free session. */
const WITHOUT_SESSION = 60_000;

export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  readonly session?: Session;
}

/** One credential at one BMC: logs in, at most one login at a time, renews the session and logs out. */
export class Authenticator {
  readonly #credentials: readonly string[];
  readonly #basic: Authorization;
  readonly #sessions: Sessions | undefined;
  #current: Authorization | undefined;
  #login: Promise<Authorization> | undefined;
  /** Aborts a login that was not sent yet; one that was sent may have made a session. */
  readonly #closing = new AbortController();
  readonly #expired: Session[] = [];
  /** Sessions whose token the BMC has accepted. */
  readonly #accepted = new WeakSet<Session>();
  #basicUntil = 0;
  #isBasicRefused = false;
  readonly #logouts = new Set<Promise<void>>();

  constructor(
    readonly bmc: Bmc,
    credential: RedfishCredential | undefined,
    readonly authType: RedfishAuthType,
    readonly circuit: Circuit,
    /** Whether everything it is for is the change of a password that the BMC demands. */
    readonly isForPassword = false,
  ) {
    if (credential === undefined) {
      this.#credentials = [];
      this.#basic = { headers: {} };
      return;
    }
    const pair = Buffer.from(`${credential.username}:${credential.reveal()}`).toString('base64');
    this.#credentials = [credential.reveal(), pair];
    this.#basic = { headers: { authorization: `Basic ${pair}` } };
    if (authType !== 'basic') {
      const basic = authType === 'auto' ? this.#basic.headers : undefined;
      this.#sessions = new Sessions(bmc, credential, this.#credentials, circuit, basic, isForPassword);
    }
  }

  get hasSession(): boolean {
    return this.#current?.session !== undefined;
  }

  get secrets(): readonly string[] {
    const token = this.#current?.session?.token;
    return token === undefined ? this.#credentials : [...this.#credentials, token];
  }

  /** Authorization for the next request; joins a running login. The signal ends only the waiting. */
  async authorize(signal: AbortSignal): Promise<Authorization> {
    if (this.#sessions === undefined || this.#fellBack) return this.#basic;
    if (this.#current !== undefined) return this.#current;
    this.#login ??= this.#begin(this.#sessions);
    return orAborted(this.#login, signal);
  }

  /** Called after an answer other than 401. */
  accept({ session }: Authorization): void {
    if (session === undefined) return;
    this.#accepted.add(session);
    this.#sessions?.pause.succeeded();
  }

  /** Called after a 401: the next `authorize` logs in again, unless another call has done so meanwhile. */
  expire(authorization: Authorization): void {
    if (this.#current !== authorization || authorization.session === undefined) return;
    this.#current = undefined;
    // Some BMCs answer 401 at random and keep the session, so it still has to be deleted.
    this.#expired.push(authorization.session);
  }

  /** Waits for a running login and deletes every session. Never rejects; ends with the scope. */
  async close(scope: CallScope): Promise<void> {
    this.#closing.abort();
    await orAborted(Promise.resolve(this.#login), scope.signal).catch(() => undefined);
    const session = this.#current?.session;
    const open = [...this.#expired.splice(0), ...(session === undefined ? [] : [session])];
    this.#current = undefined;
    await Promise.all(this.#logouts);
    await Promise.all(
      open.map(async (each) => this.#sessions?.logout(each, scope, this.#accepted.has(each))),
    );
  }

  get #fellBack(): boolean {
    if (this.authType !== 'auto') return false;
    return this.bmc.memory.get('session') === 'none' || performance.now() < this.#basicUntil;
  }

  async #begin(sessions: Sessions): Promise<Authorization> {
    const unsent = new AbortController();
    const giveUp = (): void => unsent.abort();
    const keep = (): void => this.#closing.signal.removeEventListener('abort', giveUp);
    this.#closing.signal.addEventListener('abort', giveUp);
    const scope = this.#scope(this.bmc.settings.timeouts.total, 'login', unsent.signal);
    try {
      if (await this.#refusesTokens(sessions, scope)) {
        this.#basicUntil = performance.now() + WITHOUT_SESSION;
        return this.#basic;
      }
      const session = await sessions.login(scope, keep);
      this.circuit.succeeded();
      this.bmc.memory.hasSessions = true;
      this.#current = { headers: { 'x-auth-token': session.token }, session };
      this.#forgetExpired(sessions);
      if (sessions.hasLost) this.#clean(async (until) => sessions.reclaim(session, until));
      return this.#current;
    } catch (error) {
      if (!(error instanceof RedfishError)) throw error;
      // The BMC answers, so that it can also delete the sessions it refused.
      if (error.status !== undefined) this.#forgetExpired(sessions);
      this.#clean(async (until) => sessions.dropWithoutToken(until));
      return await this.#withoutSession(sessions, error, scope);
    } finally {
      keep();
      scope.close();
      this.#login = undefined;
    }
  }

  /** Basic where sessions do not work and `auto` allows it; otherwise throws the error of the login. */
  async #withoutSession(sessions: Sessions, error: RedfishError, scope: CallScope): Promise<Authorization> {
    const isFull = error instanceof RedfishNoFreeSessionError;
    if (
      this.isForPassword &&
      this.authType === 'auto' &&
      error instanceof RedfishPasswordChangeRequiredError
    ) {
      // A BMC that gives no session for this takes the change with basic.
      this.#basicUntil = Infinity;
      return this.#basic;
    }
    const isPaused = sessions.pause.remaining > 0;
    const isFirstRefusal = error instanceof RedfishAccessError && !this.bmc.memory.hasSessions;
    if (this.authType === 'auto' && !this.#isBasicRefused && (isFull || isPaused || isFirstRefusal)) {
      // One try for all callers: further ones would count towards a lockout of the account.
      const isAccepted = await sessions.acceptsBasic(scope);
      this.#isBasicRefused = isAccepted === false;
      if (this.#isBasicRefused) throw gaveUp(loginRefused(error, 'Basic authentication was refused, too.'));
      if (isAccepted === undefined) throw gaveUp(loginRefused(error));
    } else if (this.authType !== 'auto' || !meansNoService(error)) {
      throw gaveUp(loginRefused(error));
    }
    if (isPaused) this.#basicUntil = performance.now() + sessions.pause.remaining;
    else if (isFull) this.#basicUntil = performance.now() + WITHOUT_SESSION;
    else this.bmc.memory.learn('session', 'none');
    return this.#basic;
  }

  /** Deletes sessions whose tokens were refused from the first request on; true if the BMC takes basic in their place. */
  async #refusesTokens(sessions: Sessions, scope: CallScope): Promise<boolean> {
    let isRefused = false;
    for (const old of this.#expired.filter((each) => !this.#accepted.has(each))) {
      this.#expired.splice(this.#expired.indexOf(old), 1);
      isRefused = (await sessions.logout(old, scope, false)) || isRefused;
    }
    return isRefused;
  }

  #forgetExpired(sessions: Sessions): void {
    for (const old of this.#expired.splice(0))
      this.#clean(async (scope) => void (await sessions.logout(old, scope)));
  }

  /** Deletes sessions in the background, each with its own token: BMCs reuse session ids. */
  #clean(work: (scope: CallScope) => Promise<void>): void {
    const scope = this.#scope(this.bmc.settings.timeouts.close, 'logout');
    const cleaned = work(scope).finally(() => {
      scope.close();
      this.#logouts.delete(cleaned);
    });
    this.#logouts.add(cleaned);
  }

  #scope(milliseconds: number, what: string, parent?: AbortSignal): CallScope {
    const { origin } = this.bmc;
    const late = (): Error =>
      new RedfishTimeoutError('total', `No ${what} at ${origin} in ${milliseconds} ms.`, { url: origin });
    return new CallScope(milliseconds, late, [parent]);
  }
}

function meansNoService(error: RedfishError): boolean {
  if (error instanceof RedfishResponseError) return error.status !== undefined && error.status < 300;
  return (
    error instanceof RedfishNotFoundError ||
    error instanceof RedfishUnsupportedError ||
    error instanceof RedfishValidationError
  );
}

/** A refusal of the credentials as the error that names the option `auth`; any other error unchanged. */
export function loginRefused(error: RedfishError, more = ''): RedfishError {
  if (!(error instanceof RedfishAccessError)) return error;
  const text = more === '' ? error.message : `${error.message} ${more}`;
  return new RedfishAccessError(text, { ...RedfishError.detailsOf(error), option: 'auth' });
}
