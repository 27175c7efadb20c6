import { setMaxListeners } from 'node:events';
import type { Reply } from '../wire/answer.js';
import type { Bmc, Exchange } from './bmc.js';
import { Circuit } from './circuit.js';
import {
  RedfishAccessError,
  RedfishClosedError,
  RedfishConnectionError,
  RedfishNotFoundError,
  RedfishTimeoutError,
} from '../errors.js';
import type { JsonObject } from '../json.js';
import { withRetries } from '../wire/retry.js';
import { CallScope, orAborted } from '../wire/scope.js';
import { Scrubber, secretsIn } from '../wire/scrub.js';
import { Authenticator, type Authorization } from './authenticator.js';
import type { RedfishTarget } from '../target.js';
import type { CallOptions, RedfishRequest, RedfishResource } from '../types.js';

/** One credential at one BMC: every call of every client of both goes through here. */
export class Account {
  readonly #circuit: Circuit;
  readonly #authenticator: Authenticator;
  readonly #life = new AbortController();
  readonly #background = new Set<Promise<unknown>>();
  #uses = 0;
  #onIdle: (() => void) | undefined;
  /** When the last call ended, on `performance.now()`'s clock. */
  usedAt = performance.now();

  constructor(
    readonly bmc: Bmc,
    target: RedfishTarget,
  ) {
    const { settings, origin } = bmc;
    // Every running call adds a listener.
    setMaxListeners(0, this.#life.signal);
    const opened = (): void => settings.observe({ kind: 'circuit-opened', bmc: origin });
    this.#circuit = new Circuit(origin, settings.circuit, opened);
    this.#authenticator = new Authenticator(bmc, target.credential, target.authType, this.#circuit);
  }

  get isBusy(): boolean {
    return this.#uses > 0;
  }

  /** Runs work; the account is not evicted while it runs. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#uses += 1;
    try {
      return await work();
    } finally {
      this.#uses -= 1;
      this.usedAt = performance.now();
      if (this.#uses === 0) this.#onIdle?.();
    }
  }

  /** The scope of one call: its signal, its time, and the life of the account. */
  scope({ signal, timeout }: CallOptions, method: string, path: string): CallScope {
    const time = timeout ?? this.bmc.settings.timeouts.total;
    const url = this.bmc.links.url(path);
    const late = (): Error =>
      new RedfishTimeoutError('total', `${method} ${url} took longer than ${time} ms.`, { method, url });
    return this.open(time, late, signal);
  }

  open(milliseconds: number, late: () => Error, signal?: AbortSignal): CallScope {
    return new CallScope(milliseconds, late, [signal, this.#life.signal]);
  }

  /** Runs work that only `close` waits for. */
  background(work: () => Promise<unknown>): void {
    const done = this.use(work)
      .catch(() => undefined)
      .finally(() => this.#background.delete(done));
    this.#background.add(done);
  }

  /** Masks this account's secrets, and those of a payload, in answers of the BMC. */
  scrubber(payload: JsonObject | undefined): Scrubber {
    return new Scrubber([...this.#authenticator.secrets, ...secretsIn(payload)]);
  }

  /**
   * Sends a request with authorization, and repeats it where that is safe.
   *
   * @param payload whose secrets are masked in errors
   */
  async call(
    request: RedfishRequest,
    headers: Readonly<Record<string, string>> = {},
    payload = request.body,
  ): Promise<Reply> {
    const path = this.bmc.links.resolve(request.path);
    const scope = this.scope(request, request.method, path);
    const { method, body, nothingHappened } = request;
    const { retries, timeouts } = this.bmc.settings;
    let wasLost = false;
    try {
      const plan = { method, scope, retries, connect: timeouts.connect, nothingHappened };
      const secrets = secretsIn(payload);
      return await withRetries(plan, async (connect) => {
        try {
          return await this.#authorized({ method, path, body, headers, secrets }, scope.signal, connect);
        } catch (error) {
          // An earlier try, whose answer was lost, has deleted it.
          if (method === 'DELETE' && wasLost && error instanceof RedfishNotFoundError) return gone(error);
          wasLost ||= error instanceof RedfishConnectionError || error instanceof RedfishTimeoutError;
          throw error;
        }
      });
    } finally {
      scope.close();
    }
  }

  /** The service root, read without credentials; with them where the BMC asks for them. */
  async root(options: CallOptions, isFresh = false): Promise<RedfishResource> {
    const { links, memory } = this.bmc;
    if (isFresh) memory.root = undefined;
    const scope = this.scope(options, 'GET', links.root);
    try {
      return await this.bmc.root(scope, this.#authenticator.secrets);
    } catch (error) {
      if (!(error instanceof RedfishAccessError)) throw error;
      return this.bmc.keepRoot(await this.call({ ...options, method: 'GET', path: links.root }));
    } finally {
      scope.close();
    }
  }

  /** Resolves when no call is running. */
  async idle(): Promise<void> {
    if (this.#uses === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Aborts every call. */
  abort(): void {
    this.#life.abort(new RedfishClosedError(`The Redfish client of ${this.bmc.origin} is closed.`));
  }

  /** Aborts every call and deletes the session, within the close timeout. */
  async close(): Promise<void> {
    const { timeouts } = this.bmc.settings;
    const late = (): Error => new RedfishTimeoutError('total', `No logout at ${this.bmc.origin} in time.`);
    const scope = new CallScope(timeouts.close, late, []);
    try {
      await orAborted(Promise.all([...this.#background]), scope.signal).catch(() => undefined);
      this.abort();
      await this.#authenticator.close(scope);
    } finally {
      scope.close();
    }
  }

  /** One try. Logs in first without a session, and once more where the session has expired. */
  async #authorized(request: Exchange, signal: AbortSignal, connect: number): Promise<Reply> {
    this.#circuit.check();
    const first = await this.#authenticator.authorize(signal);
    try {
      // A 401 counts against the credential only with basic: a session may have expired.
      const circuit = first.headers['authorization'] === undefined ? undefined : this.#circuit;
      return await this.#exchange({ ...request, circuit }, first, signal, connect);
    } catch (error) {
      const isRefusal = error instanceof RedfishAccessError && error.status === 401;
      if (!isRefusal || first.session === undefined) throw error;
      // A 401 had no effect, so every verb may be sent again.
      this.#authenticator.expire(first);
    }
    const second = await this.#authenticator.authorize(signal);
    return this.#exchange({ ...request, circuit: this.#circuit }, second, signal, connect);
  }

  async #exchange(
    request: Exchange,
    by: Authorization,
    signal: AbortSignal,
    connect: number,
  ): Promise<Reply> {
    const token = by.session === undefined ? [] : [by.session.token];
    const secrets = [...request.secrets, ...this.#authenticator.secrets, ...token];
    const headers = { ...request.headers, ...by.headers };
    const reply = await this.bmc.exchange({ ...request, headers, secrets }, signal, connect);
    this.#circuit.succeeded();
    return reply;
  }
}

/** The reply to a DELETE of a resource that an earlier try deleted. */
function gone({ url, status = 404 }: RedfishNotFoundError): Reply {
  return {
    status,
    headers: {},
    url: url ?? '',
    body: undefined,
    etag: undefined,
    location: undefined,
    foreignLocation: undefined,
    allow: [],
    token: undefined,
    messages: [],
  };
}
