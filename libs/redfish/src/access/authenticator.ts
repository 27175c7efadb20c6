import type { Bmc } from './bmc.js';
import type { Circuit } from './circuit.js';
import {
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishTimeoutError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from '../errors.js';
import { CallScope, orAborted } from '../wire/scope.js';
import { Sessions, type Session } from './sessions.js';
import type { RedfishAuthType, RedfishCredential } from '../target.js';

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
  readonly #logouts = new Set<Promise<void>>();

  constructor(
    readonly bmc: Bmc,
    credential: RedfishCredential | undefined,
    readonly authType: RedfishAuthType,
    readonly circuit: Circuit,
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
      this.#sessions = new Sessions(bmc, credential, this.#credentials, circuit);
    }
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

  /** Called after a 401: the next `authorize` logs in again, unless another call has done so meanwhile. */
  expire(authorization: Authorization): void {
    if (this.#current !== authorization || authorization.session === undefined) return;
    this.#current = undefined;
    // Some BMCs answer 401 at random and keep the session, so it still has to be deleted.
    this.#expired.push(authorization.session);
  }

  /** Waits for a running login and deletes the session. Never rejects; ends with the scope. */
  async close(scope: CallScope): Promise<void> {
    this.#closing.abort();
    await orAborted(Promise.resolve(this.#login), scope.signal).catch(() => undefined);
    const session = this.#current?.session;
    this.#current = undefined;
    await Promise.all(this.#logouts);
    if (session !== undefined) await this.#sessions?.logout(session, scope);
  }

  get #fellBack(): boolean {
    return this.authType === 'auto' && this.bmc.memory.get('session') === 'none';
  }

  async #begin(sessions: Sessions): Promise<Authorization> {
    const unsent = new AbortController();
    const giveUp = (): void => unsent.abort();
    const keep = (): void => this.#closing.signal.removeEventListener('abort', giveUp);
    this.#closing.signal.addEventListener('abort', giveUp);
    const scope = this.#scope(this.bmc.settings.timeouts.total, 'login', unsent.signal);
    try {
      const session = await sessions.login(scope, keep);
      this.circuit.loggedIn();
      this.#current = { headers: { 'x-auth-token': session.token }, session };
      for (const old of this.#expired.splice(0)) this.#forget(sessions, old);
      return this.#current;
    } catch (error) {
      if (!this.#mayFallBack(error)) throw error;
      this.bmc.memory.learn('session', 'none');
      return this.#basic;
    } finally {
      keep();
      scope.close();
      this.#login = undefined;
    }
  }

  /** `auto` falls back to basic without a session service. Not after 401: a second try counts towards a lockout. */
  #mayFallBack(error: unknown): boolean {
    if (this.authType !== 'auto') return false;
    if (error instanceof RedfishResponseError) return error.status !== undefined && error.status < 300;
    return (
      error instanceof RedfishNotFoundError ||
      error instanceof RedfishUnsupportedError ||
      error instanceof RedfishValidationError
    );
  }

  /** Uses the session's own token: BMCs reuse session ids, so the id may belong to another client now. */
  #forget(sessions: Sessions, old: Session): void {
    const scope = this.#scope(this.bmc.settings.timeouts.close, 'logout');
    const logout = sessions.logout(old, scope).finally(() => {
      scope.close();
      this.#logouts.delete(logout);
    });
    this.#logouts.add(logout);
  }

  #scope(milliseconds: number, what: string, parent?: AbortSignal): CallScope {
    const { origin } = this.bmc;
    const late = (): Error =>
      new RedfishTimeoutError('total', `No ${what} at ${origin} in ${milliseconds} ms.`, { url: origin });
    return new CallScope(milliseconds, late, [parent]);
  }
}
