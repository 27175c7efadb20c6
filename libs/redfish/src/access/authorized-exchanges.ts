import { RedfishAccessError, RedfishError } from '../errors.js';
import { linkOf } from '../json.js';
import type { Reply } from '../wire/answer.js';
import { samePath } from '../wire/links.js';
import { type Authenticator, type Authorization, loginRefused } from './authenticator.js';
import type { Bmc, Exchange } from './bmc.js';
import type { Circuit } from './circuit.js';

/** Exchanges with the authorization of one credential, and what a 401 to them means. */
export class AuthorizedExchanges {
  /** Whether the BMC accepted the credential with basic. */
  #wasAccepted = false;

  constructor(
    readonly bmc: Bmc,
    readonly authenticator: Authenticator,
    readonly circuit: Circuit,
  ) {}

  /** One try. Logs in first if there is no session, and logs in again once if the session has expired. */
  async exchange(request: Exchange, signal: AbortSignal, connect: number): Promise<Reply> {
    this.circuit.check();
    const first = await this.authenticator.authorize(signal);
    try {
      return await this.#exchangeBy(request, first, signal, connect);
    } catch (error) {
      const isRefusal = error instanceof RedfishAccessError && error.status === 401;
      if (!isRefusal || first.session === undefined) throw error;
      // The BMC did nothing on 401, so every verb may be sent again.
      this.authenticator.expire(first);
      if (request.upload?.hasBegun === true) throw error;
    }
    const second = await this.authenticator.authorize(signal);
    return this.#exchangeBy(request, second, signal, connect);
  }

  async #exchangeBy(
    request: Exchange,
    by: Authorization,
    signal: AbortSignal,
    connect: number,
  ): Promise<Reply> {
    const token = by.session === undefined ? [] : [by.session.token];
    const secrets = [...request.secrets, ...this.authenticator.secrets, ...token];
    const headers = { ...request.headers, ...by.headers };
    // With a session a 401 says nothing about the password: the session may have expired, or the account may not read this.
    const circuit = by.headers['authorization'] === undefined ? undefined : this.circuit;
    try {
      const reply = await this.bmc.exchange({ ...request, headers, secrets, circuit }, signal, connect);
      // The root needs no authorization.
      if (request.path !== this.bmc.links.root) {
        this.authenticator.accept(by);
        if (circuit !== undefined) this.#wasAccepted = true;
      }
      return reply;
    } catch (error) {
      if (error instanceof RedfishError && error.status !== undefined && error.status !== 401) {
        this.authenticator.accept(by);
      }
      const isRefused = circuit !== undefined && error instanceof RedfishAccessError && error.status === 401;
      if (!isRefused || (await this.#isAcceptedElsewhere(request, by, signal, connect))) throw error;
      throw loginRefused(error);
    }
  }

  /**
   * Whether the BMC still accepts the credential at another resource, so that a 401 is about the resource. Asked only
   * before the credential would be held back, and if it was accepted before: where it has become wrong, each use of it
   * counts for the BMC.
   */
  async #isAcceptedElsewhere(
    { path, secrets }: Exchange,
    { headers }: Authorization,
    signal: AbortSignal,
    connect: number,
  ): Promise<boolean> {
    if (!this.#wasAccepted || !this.circuit.isNearlyOpen) return false;
    const { links, memory } = this.bmc;
    const root = memory.root?.body;
    const places = ['Systems', 'Managers'].map((name) => links.resolve(linkOf(root?.[name]) ?? name));
    const place = places.find((each) => !samePath(each, path)) ?? '';
    const request = {
      method: 'GET',
      path: place,
      headers,
      secrets,
      isUrgent: true,
      circuit: this.circuit,
    } as const;
    try {
      await this.bmc.exchange(request, signal, connect);
      return true;
    } catch (error) {
      if (!(error instanceof RedfishError)) throw error;
      return error.status !== undefined && error.status !== 401;
    }
  }
}
