import type { Reply } from '../wire/answer.js';
import type { Bmc, Exchange } from './bmc.js';
import type { Circuit } from './circuit.js';
import { sentence, wantsNewPassword } from '../wire/classify.js';
import {
  RedfishAccessError,
  RedfishError,
  RedfishNotFoundError,
  RedfishPasswordChangeRequiredError,
  RedfishResponseError,
} from '../errors.js';
import { linkOf, linksOf, textAt, valueAt } from '../json.js';
import { bare, withOrWithoutSlash } from '../wire/links.js';
import { withRetries } from '../wire/retry.js';
import type { CallScope } from '../wire/scope.js';
import type { RedfishCredential } from '../target.js';

export interface Session {
  readonly token: string;
  readonly path: string | undefined;
  readonly collection: string;
}

export class Sessions {
  constructor(
    readonly bmc: Bmc,
    readonly credential: RedfishCredential,
    readonly secrets: readonly string[],
    readonly circuit: Circuit,
  ) {}

  /**
   * Logs in.
   *
   * @param onSent called when the login is sent: from then on a session may exist
   * @throws RedfishNotFoundError or RedfishUnsupportedError where there is no session service
   */
  async login(scope: CallScope, onSent: () => void): Promise<Session> {
    const path = await this.#collection(scope);
    const reply = await withOrWithoutSlash(path, async (place) => this.#post(place, scope, onSent));
    const { token = '', messages, status, url, headers } = reply;
    const session = { token, path: this.#pathOf(reply), collection: new URL(url).pathname };
    const answer = { method: 'POST', url, status, contentType: headers['content-type'], messages };
    if (wantsNewPassword(messages)) {
      // Such a session only allows changing the password, and it takes up one of the few sessions.
      if (token !== '') await this.logout(session, scope);
      throw new RedfishPasswordChangeRequiredError(sentence(answer), answer);
    }
    if (token === '') {
      throw new RedfishResponseError(sentence(answer, 'A login must be answered with X-Auth-Token.'), answer);
    }
    this.#tell('login');
    return session;
  }

  /** Deletes a session. Never rejects; the observer is told how it ended. */
  async logout(session: Session, scope: CallScope): Promise<void> {
    try {
      const path = session.path ?? (await this.#find(session, scope));
      await this.#ask({ method: 'DELETE', path, ...this.#by(session.token) }, scope);
      this.#tell('logout');
    } catch (error) {
      const isGone = error instanceof RedfishError && (error.status === 401 || error.status === 404);
      this.#tell(isGone ? 'logout' : 'logout-failed');
    }
  }

  async #collection(scope: CallScope): Promise<string> {
    const { links } = this.bmc;
    try {
      const { body } = await this.bmc.root(scope, this.secrets);
      const link = linkOf(valueAt(body, 'Links', 'Sessions'));
      if (link !== undefined) return links.resolve(link);
      const service = linkOf(body['SessionService']) ?? `${links.root}SessionService`;
      return links.resolve(`${bare(service)}/Sessions`);
    } catch (error) {
      // Some BMCs require credentials for the root; nearly all use this path.
      if (error instanceof RedfishAccessError) return links.resolve('SessionService/Sessions');
      throw error;
    }
  }

  async #post(path: string, scope: CallScope, onSent: () => void): Promise<Reply> {
    const { bmc, credential, secrets, circuit } = this;
    const body = { UserName: credential.username, Password: credential.reveal() };
    const { retries, timeouts } = bmc.settings;
    const plan = { method: 'POST', scope, retries, connect: timeouts.connect, mayRepeatLost: true };
    const request = { method: 'POST', path, body, secrets, isUrgent: true, circuit, onSent } as const;
    return withRetries(plan, async (connect) => bmc.exchange(request, scope.signal, connect));
  }

  async #ask(request: Exchange, scope: CallScope): Promise<Reply> {
    const { retries, timeouts } = this.bmc.settings;
    const plan = { method: request.method, scope, retries, connect: timeouts.connect };
    return withRetries(plan, async (connect) => this.bmc.exchange(request, scope.signal, connect));
  }

  #by(token: string): Pick<Exchange, 'headers' | 'secrets' | 'isUrgent'> {
    return { headers: { 'x-auth-token': token }, secrets: [...this.secrets, token], isUrgent: true };
  }

  #pathOf(reply: Reply): string | undefined {
    const { links } = this.bmc;
    const link = textAt(reply.body, '@odata.id');
    const id = textAt(reply.body, 'Id');
    const collection = new URL(reply.url).pathname.replace(/\/*$/, '/');
    const named = link ?? (id === undefined ? undefined : collection + encodeURIComponent(id));
    return reply.location ?? (named === undefined ? undefined : links.locate(named).path);
  }

  /** The only session of this user, for a login that returned no path. */
  async #find({ token, collection }: Session, scope: CallScope): Promise<string> {
    const { links } = this.bmc;
    const own: string[] = [];
    const list = await this.#ask({ method: 'GET', path: collection, ...this.#by(token) }, scope);
    for (const link of linksOf(list.body?.['Members'])) {
      const path = links.resolve(link);
      const { body } = await this.#ask({ method: 'GET', path, ...this.#by(token) }, scope);
      if (textAt(body, 'UserName') === this.credential.username) own.push(path);
    }
    const [path] = own;
    if (path !== undefined && own.length === 1) return path;
    throw new RedfishNotFoundError('The session cannot be distinguished from other sessions of this user.');
  }

  #tell(kind: 'login' | 'logout' | 'logout-failed'): void {
    this.bmc.settings.observe({ kind, bmc: this.bmc.origin });
  }
}
