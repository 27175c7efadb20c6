import type { Reply } from '../wire/answer.js';
import type { Bmc, Exchange } from './bmc.js';
import type { Circuit } from './circuit.js';
import { sentence, wantsNewPassword } from '../wire/classify.js';
import {
  RedfishAccessError,
  RedfishError,
  RedfishNotFoundError,
  RedfishNotReadyError,
  RedfishPasswordChangeRequiredError,
  RedfishResponseError,
  RedfishServiceError,
  RedfishUnsupportedError,
} from '../errors.js';
import { linkOf, textAt, valueAt } from '../json.js';
import { bare, inEitherForm } from '../wire/links.js';
import { withRetries } from '../wire/retry.js';
import type { CallScope } from '../wire/scope.js';
import type { RedfishCredential } from '../target.js';
import { LoginPause } from './login-pause.js';
import { LostLogins, type Span } from './lost-logins.js';
import { listed } from './session-list.js';

export interface Session {
  readonly token: string;
  /** Where it may be, most likely first; empty if the BMC did not say. */
  readonly paths: readonly string[];
  readonly collection: string;
  readonly sent: Span;
}

export class Sessions {
  readonly #lost = new LostLogins();
  /** Made by logins without a token. */
  readonly #withoutToken: Session[] = [];
  readonly pause: LoginPause;

  /**
   * `basic` is given if it may be tried where sessions do not work. With `isForPassword` a session that only allows
   * changing the password is kept.
   */
  constructor(
    readonly bmc: Bmc,
    readonly credential: RedfishCredential,
    readonly secrets: readonly string[],
    readonly circuit: Circuit,
    readonly basic: Readonly<Record<string, string>> | undefined,
    readonly isForPassword = false,
  ) {
    this.pause = new LoginPause(bmc.origin, bmc.settings.circuit);
  }

  /**
   * Logs in.
   *
   * @param onSent called when the login is sent: from then on a session may exist
   * @throws RedfishNotFoundError or RedfishUnsupportedError where there is no session service
   */
  async login(scope: CallScope, onSent: () => void): Promise<Session> {
    const path = await this.#collection(scope);
    const { reply, sent } = await inEitherForm(path, async (place) => this.#post(place, scope, onSent));
    const { token = '', messages, status, url, headers } = reply;
    const session = { token, paths: this.#pathsOf(reply), collection: new URL(url).pathname, sent };
    const answer = { method: 'POST', url, status, contentType: headers['content-type'], messages };
    const isEnough = this.isForPassword && token !== '';
    if (wantsNewPassword(messages) && !isEnough) {
      // Such a session only allows changing the password, and it takes up one of the few sessions.
      if (token !== '') await this.logout(session, scope);
      throw new RedfishPasswordChangeRequiredError(sentence(answer), answer);
    }
    if (token === '') {
      this.#withoutToken.push(session);
      throw new RedfishResponseError(sentence(answer, 'A login must be answered with X-Auth-Token.'), answer);
    }
    this.#tell('login');
    return session;
  }

  /**
   * Deletes a session. Never rejects; the observer is told how it ended. One whose token was never accepted is deleted with
   * basic where the BMC refuses its token here, too.
   *
   * @returns whether the BMC refused its token and took basic
   */
  async logout(session: Session, scope: CallScope, wasAccepted = true): Promise<boolean> {
    try {
      await this.#delete(session, scope);
      this.#tell('logout');
      return false;
    } catch (error) {
      const isRefused = error instanceof RedfishError && error.status === 401;
      const isUnusable = isRefused && !wasAccepted;
      const isDeleted = isUnusable && (await this.#deleteByBasic(session, scope));
      if (isUnusable && !isDeleted) this.pause.failed();
      this.#tell(isRefused ? 'logout' : 'logout-failed');
      return isDeleted;
    }
  }

  /** Deletes with basic what logins without a token have made. Never rejects. */
  async dropWithoutToken(scope: CallScope): Promise<void> {
    for (const session of this.#withoutToken.splice(0)) await this.#deleteByBasic(session, scope);
  }

  get hasLost(): boolean {
    return this.#lost.any;
  }

  /** Deletes the sessions of logins whose answers were lost, if the BMC's list shows which they are. Never rejects. */
  async reclaim(session: Session, scope: CallScope): Promise<void> {
    try {
      const ask = async (method: 'GET' | 'DELETE', path: string): Promise<Reply> =>
        this.#ask({ method, path, ...this.#by(session.token) }, scope);
      const all = await listed(session.collection, this.bmc.links, async (path) => ask('GET', path));
      const own = all.filter(({ user }) => user === this.credential.username);
      for (const path of this.#lost.among(own, session)) await ask('DELETE', path);
    } catch {
      // They end after their idle time.
    }
  }

  /** Whether a read with basic is answered with anything but 401; undefined if it is not answered. */
  async acceptsBasic(scope: CallScope): Promise<boolean | undefined> {
    const root = this.bmc.memory.root?.body;
    const link = linkOf(root?.['Systems']) ?? linkOf(root?.['SessionService']) ?? 'Systems';
    try {
      await this.#askBasic('GET', this.bmc.links.resolve(link), scope);
      return true;
    } catch (error) {
      if (!(error instanceof RedfishError) || scope.signal.aborted) throw error;
      return error.status === undefined ? undefined : error.status !== 401;
    }
  }

  async #isDisabled(scope: CallScope): Promise<boolean> {
    const link = linkOf(this.bmc.memory.root?.body['SessionService']);
    if (link === undefined || this.basic === undefined) return false;
    try {
      const { body } = await this.#askBasic('GET', this.bmc.links.resolve(link), scope);
      return body?.['ServiceEnabled'] === false;
    } catch {
      return false;
    }
  }

  async #deleteByBasic({ paths }: Session, scope: CallScope): Promise<boolean> {
    if (this.basic === undefined) return false;
    for (const path of paths) {
      try {
        await this.#askBasic('DELETE', path, scope);
        return true;
      } catch (error) {
        if (!(error instanceof RedfishNotFoundError)) return false;
      }
    }
    return false;
  }

  async #askBasic(method: 'GET' | 'DELETE', path: string, scope: CallScope): Promise<Reply> {
    const { bmc, basic = {}, circuit, secrets } = this;
    const request = { method, path, headers: basic, secrets, isUrgent: true, circuit } as const;
    return bmc.exchange(request, scope.signal, bmc.settings.timeouts.connect);
  }

  async #collection(scope: CallScope): Promise<string> {
    const { links } = this.bmc;
    try {
      const { body, url } = await this.bmc.root(scope, this.secrets);
      const link = linkOf(valueAt(body, 'Links', 'Sessions'));
      if (link !== undefined) return links.resolve(link);
      const service = linkOf(body['SessionService']);
      if (service !== undefined) return links.resolve(`${bare(service)}/Sessions`);
      if (this.basic !== undefined) {
        throw new RedfishUnsupportedError(`${url} names no service for sessions.`, { url });
      }
    } catch (error) {
      // Some BMCs require credentials for the root; nearly all use this path.
      if (!(error instanceof RedfishAccessError)) throw error;
    }
    return links.resolve('SessionService/Sessions');
  }

  async #post(
    path: string,
    scope: CallScope,
    onSent: () => void,
  ): Promise<{ readonly reply: Reply; readonly sent: Span }> {
    const { bmc, credential, secrets, circuit } = this;
    const body = { UserName: credential.username, Password: credential.reveal() };
    const { retries, timeouts } = bmc.settings;
    const plan = { method: 'POST', scope, retries, connect: timeouts.connect, mayRepeatLost: true };
    let isChecked = false;
    return withRetries(plan, async (connect) => {
      this.pause.check();
      let from: number | undefined;
      const sent = (): void => {
        from = performance.now();
        onSent();
      };
      const request = { method: 'POST', path, body, secrets, isUrgent: true, circuit, onSent: sent } as const;
      try {
        const reply = await bmc.exchange(request, scope.signal, connect);
        const to = performance.now();
        return { reply, sent: { from: from ?? to, to } };
      } catch (error) {
        const isAnswered = error instanceof RedfishError && error.status !== undefined;
        if (from !== undefined && !isAnswered) {
          this.#lost.add({ from, to: performance.now() });
          this.pause.failed();
        }
        // Some BMCs answer 500 where the service is disabled.
        const isOfService = error instanceof RedfishNotReadyError || error instanceof RedfishServiceError;
        if (isChecked || !isOfService) throw error;
        isChecked = true;
        if (!(await this.#isDisabled(scope))) throw error;
        throw new RedfishUnsupportedError(`The service for sessions of ${bmc.origin} is disabled.`, {
          ...RedfishError.detailsOf(error),
          cause: error,
        });
      }
    });
  }

  async #ask(request: Exchange, scope: CallScope): Promise<Reply> {
    const { retries, timeouts } = this.bmc.settings;
    const plan = { method: request.method, scope, retries, connect: timeouts.connect };
    return withRetries(plan, async (connect) => this.bmc.exchange(request, scope.signal, connect));
  }

  #by(token: string): Pick<Exchange, 'headers' | 'secrets' | 'isUrgent'> {
    return { headers: { 'x-auth-token': token }, secrets: [...this.secrets, token], isUrgent: true };
  }

  #pathsOf(reply: Reply): string[] {
    const id = textAt(reply.body, 'Id');
    const collection = new URL(reply.url).pathname.replace(/\/*$/, '/');
    const places = [
      reply.location,
      ownPath(reply.foreignLocation),
      this.#located(textAt(reply.body, '@odata.id')),
      id === undefined ? undefined : collection + encodeURIComponent(id),
    ];
    const named = places.filter((path) => path !== undefined);
    return named.filter((path, at) => named.findIndex((other) => bare(other) === bare(path)) === at);
  }

  #located(link: string | undefined): string | undefined {
    if (link === undefined) return undefined;
    const { path, foreign } = this.bmc.links.locate(link);
    return path ?? ownPath(foreign);
  }

  async #delete(session: Session, scope: CallScope): Promise<void> {
    const remove = async (path: string): Promise<unknown> =>
      this.#ask({ method: 'DELETE', path, ...this.#by(session.token) }, scope);
    for (const path of session.paths) {
      try {
        await remove(path);
        return;
      } catch (error) {
        if (!(error instanceof RedfishNotFoundError)) throw error;
      }
    }
    const path = await this.#find(session, scope);
    if (path !== undefined) await remove(path);
  }

  /** The only session of this user, for a login whose answer led to none; undefined if the user has none. */
  async #find({ token, collection }: Session, scope: CallScope): Promise<string | undefined> {
    const read = async (path: string): Promise<Reply> =>
      this.#ask({ method: 'GET', path, ...this.#by(token) }, scope);
    const all = await listed(collection, this.bmc.links, read);
    const own = all.filter(({ user }) => user === this.credential.username);
    if (own.length <= 1) return own[0]?.path;
    throw new RedfishNotFoundError('The session cannot be distinguished from other sessions of this user.');
  }

  #tell(kind: 'login' | 'logout' | 'logout-failed'): void {
    this.bmc.settings.observe({ kind, bmc: this.bmc.origin });
  }
}

/** A BMC behind NAT names its session by its own address; the path is the same here. */
function ownPath(foreign: string | undefined): string | undefined {
  if (foreign === undefined || !URL.canParse(foreign)) return undefined;
  const { pathname } = new URL(foreign);
  return pathname.includes('/Sessions/') ? pathname : undefined;
}
