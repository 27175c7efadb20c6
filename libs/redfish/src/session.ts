import type { Reply } from './answer.js';
import type { Bmc } from './bmc.js';
import type { Circuit } from './circuit.js';
import { sentence, wantsNewPassword } from './classify.js';
import {
  RedfishError,
  RedfishNotFoundError,
  RedfishPasswordChangeRequiredError,
  RedfishResponseError,
  RedfishTimeoutError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from './errors.js';
import { textAt } from './json.js';
import { withRetries } from './retry.js';
import { CallScope, orAborted } from './scope.js';
import type { RedfishAuthType, RedfishCredential } from './target.js';

/** What a request carries to be let in. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  /** Present for a session: it can be renewed. */
  readonly session?: Session;
}

interface Session {
  readonly token: string;
  /** The path to delete; unknown where the BMC did not say. */
  readonly path: string | undefined;
}

const NONE: Authorization = { headers: {} };

/** One credential at one BMC: logs in at most once at a time, renews, and logs out. */
export class Authenticator {
  readonly secrets: readonly string[];
  readonly #basic: Authorization;
  #current: Authorization | undefined;
  #login: Promise<Authorization> | undefined;
  readonly #expired: Session[] = [];
  readonly #logouts = new Set<Promise<void>>();

  constructor(
    readonly bmc: Bmc,
    readonly credential: RedfishCredential | undefined,
    readonly authType: RedfishAuthType,
    readonly circuit: Circuit,
    readonly sessionsPath: (signal: AbortSignal) => Promise<string>,
  ) {
    const pair = credential === undefined ? '' : `${credential.username}:${credential.reveal()}`;
    const basic = Buffer.from(pair).toString('base64');
    this.secrets = credential === undefined ? [] : [credential.reveal(), basic];
    this.#basic = credential === undefined ? NONE : { headers: { authorization: `Basic ${basic}` } };
  }

  /** What the next request carries. All who come during a login share it; a caller may leave early. */
  async authorize(signal: AbortSignal): Promise<Authorization> {
    if (this.credential === undefined || this.authType === 'basic' || this.#fellBack) return this.#basic;
    if (this.#current !== undefined) return this.#current;
    this.#login ??= this.#begin();
    return orAborted(this.#login, signal);
  }

  /** The BMC answered 401 to this; the next `authorize` logs in anew, unless somebody did already. */
  expire(authorization: Authorization): void {
    if (this.#current !== authorization || authorization.session === undefined) return;
    this.#current = undefined;
    // BMCs that answer 401 at random have not forgotten the session; it must not stay behind.
    this.#expired.push(authorization.session);
  }

  /** Deletes the session, after a login under way has ended; never fails, and ends with the scope. */
  async close(scope: CallScope): Promise<void> {
    await orAborted(Promise.resolve(this.#login), scope.signal).catch(() => undefined);
    const session = this.#current?.session;
    this.#current = undefined;
    await Promise.all([...this.#logouts]);
    if (session !== undefined) await this.#logout(session, session.token, scope);
  }

  get #fellBack(): boolean {
    return this.authType === 'auto' && this.bmc.memory.get('session') === 'none';
  }

  async #begin(): Promise<Authorization> {
    const { timeouts } = this.bmc.settings;
    const late = (): Error => new RedfishTimeoutError('total', `No login at ${this.bmc.origin} in time.`);
    const scope = new CallScope(timeouts.total, late, []);
    try {
      this.#current = await this.#open(scope);
      this.#deleteExpired(this.#current);
      return this.#current;
    } catch (error) {
      if (!this.#mayFallBack(error)) throw error;
      this.bmc.memory.learn('session', 'none');
      return this.#basic;
    } finally {
      scope.close();
      this.#login = undefined;
    }
  }

  async #open(scope: CallScope): Promise<Authorization> {
    const path = await this.sessionsPath(scope.signal);
    try {
      return await this.#post(path, scope);
    } catch (error) {
      if (!(error instanceof RedfishNotFoundError || error instanceof RedfishUnsupportedError)) throw error;
      // Some serve the collection with a slash at its end only, or only without.
      return this.#post(path.endsWith('/') ? path.slice(0, -1) : `${path}/`, scope);
    }
  }

  async #post(path: string, scope: CallScope): Promise<Authorization> {
    const { retries, timeouts } = this.bmc.settings;
    const body = { UserName: this.credential?.username ?? '', Password: this.credential?.reveal() ?? '' };
    const atTurn = (): void => this.circuit.enter();
    const request = { method: 'POST', path, body, secrets: this.secrets, isUrgent: true, atTurn } as const;
    const plan = { method: 'POST', scope, retries, connect: timeouts.connect, mayRepeatLost: true };
    try {
      const reply = await withRetries(plan, async (connect) =>
        this.bmc.exchange(request, scope.signal, connect),
      );
      return await this.#accept(reply, scope);
    } catch (error) {
      if (error instanceof RedfishError && error.status === 401) this.circuit.failed();
      throw error;
    }
  }

  async #accept(reply: Reply, scope: CallScope): Promise<Authorization> {
    const { token, messages, status, url, headers } = reply;
    const answer = { method: 'POST', url, status, contentType: headers['content-type'], messages };
    if (token === undefined || token === '') {
      throw new RedfishResponseError(sentence(answer, 'A login must be answered with X-Auth-Token.'), answer);
    }
    const session = { token, path: this.#pathOf(reply) };
    if (wantsNewPassword(messages)) {
      await this.#logout(session, token, scope);
      throw new RedfishPasswordChangeRequiredError(sentence(answer), answer);
    }
    this.circuit.loggedIn();
    this.bmc.settings.observe({ kind: 'login', bmc: this.bmc.origin });
    return { headers: { 'x-auth-token': token }, session };
  }

  /** Location, else the body's own link, else its Id below the collection. */
  #pathOf(reply: Reply): string | undefined {
    const { links } = this.bmc;
    const link = textAt(reply.body, '@odata.id');
    const id = textAt(reply.body, 'Id');
    const collection = new URL(reply.url).pathname.replace(/\/*$/, '/');
    const named = link ?? (id === undefined ? undefined : collection + encodeURIComponent(id));
    return reply.location ?? (named === undefined ? undefined : links.locate(named).path);
  }

  /** `auto`: where there is no session service; not on 401, which a second try would only worsen. */
  #mayFallBack(error: unknown): boolean {
    if (this.authType !== 'auto') return false;
    if (error instanceof RedfishResponseError) return error.status !== undefined && error.status < 300;
    return (
      error instanceof RedfishNotFoundError ||
      error instanceof RedfishUnsupportedError ||
      error instanceof RedfishValidationError
    );
  }

  #deleteExpired({ session }: Authorization): void {
    if (session === undefined) return;
    const late = (): Error => new RedfishTimeoutError('total', `No logout at ${this.bmc.origin} in time.`);
    for (const old of this.#expired.splice(0)) {
      const scope = new CallScope(this.bmc.settings.timeouts.close, late, []);
      const logout = this.#logout(old, session.token, scope).finally(() => {
        scope.close();
        this.#logouts.delete(logout);
      });
      this.#logouts.add(logout);
    }
  }

  async #logout(session: Session, token: string, scope: CallScope): Promise<void> {
    const { settings, origin } = this.bmc;
    if (session.path === undefined) return settings.observe({ kind: 'logout-failed', bmc: origin });
    const headers = { 'x-auth-token': token };
    const request = {
      method: 'DELETE',
      path: session.path,
      headers,
      secrets: this.secrets,
      isUrgent: true,
    } as const;
    try {
      const plan = { method: 'DELETE', scope, retries: settings.retries, connect: settings.timeouts.connect };
      await withRetries(plan, async (connect) => this.bmc.exchange(request, scope.signal, connect));
      settings.observe({ kind: 'logout', bmc: origin });
    } catch (error) {
      // 401 and 404 mean that the BMC has forgotten it already.
      const isGone = error instanceof RedfishError && (error.status === 401 || error.status === 404);
      settings.observe({ kind: isGone ? 'logout' : 'logout-failed', bmc: origin });
    }
  }
}
