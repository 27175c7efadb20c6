import { setMaxListeners } from 'node:events';
import type { Reply } from '../wire/answer.js';
import type { Bmc } from './bmc.js';
import { Circuit } from './circuit.js';
import {
  RedfishAccessError,
  RedfishClosedError,
  RedfishError,
  RedfishNotFoundError,
  RedfishTimeoutError,
} from '../errors.js';
import type { JsonObject } from '../json.js';
import { inEitherForm, isNoRoot } from '../wire/links.js';
import { gaveUp, withRetries } from '../wire/retry.js';
import { CallScope, orAborted } from '../wire/scope.js';
import { Scrubber, secretsIn } from '../wire/scrub.js';
import { Authenticator } from './authenticator.js';
import type { AccessRequest, ClientAccess } from './client-access.js';
import { AuthorizedExchanges } from './authorized-exchanges.js';
import type { RedfishTarget } from '../target.js';
import { Sending } from './sending.js';
import { MultipartBody } from '../wire/multipart.js';
import type { CallOptions, RedfishResource } from '../types.js';

/** One BMC with one credential: the requests of all clients that use both. */
export class BmcAccess implements ClientAccess {
  readonly #authorized: AuthorizedExchanges;
  readonly #authenticator: Authenticator;
  readonly #circuit: Circuit;
  readonly #life = new AbortController();
  readonly #background = new Set<Promise<unknown>>();
  #uses = 0;
  #onIdle: (() => void) | undefined;
  usedAt = performance.now();

  constructor(
    readonly bmc: Bmc,
    readonly target: RedfishTarget,
    isForPassword = false,
  ) {
    const { settings, origin } = bmc;
    setMaxListeners(0, this.#life.signal);
    const opened = (): void => settings.observe({ kind: 'circuit-opened', bmc: origin });
    const circuit = new Circuit(origin, settings.circuit, opened);
    this.#circuit = circuit;
    this.#authenticator = new Authenticator(bmc, target.credential, target.authType, circuit, isForPassword);
    this.#authorized = new AuthorizedExchanges(bmc, this.#authenticator, circuit);
  }

  get isBusy(): boolean {
    return this.#uses > 0;
  }

  get hasSession(): boolean {
    return this.#authenticator.hasSession;
  }

  get isHeldBack(): boolean {
    return this.#circuit.isOpen;
  }

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

  background(work: () => Promise<unknown>): void {
    const done = this.use(work)
      .catch(() => undefined)
      .finally(() => this.#background.delete(done));
    this.#background.add(done);
  }

  /** Runs `work` with access that a BMC also gives while it demands a new password, and logs out. */
  async forPassword<T>(work: (access: ClientAccess) => Promise<T>): Promise<T> {
    const other = new BmcAccess(this.bmc, this.target, true);
    const abort = (): void => other.abort();
    this.#life.signal.addEventListener('abort', abort);
    return new Promise<T>((resolve, reject) => {
      // Closing waits for it, since a change that was sent should end.
      this.background(async () => {
        await other
          .use(async () => work(other))
          .finally(async () => {
            await other.close();
            this.#life.signal.removeEventListener('abort', abort);
          })
          .then(resolve, reject);
      });
    });
  }

  scrubber(payload: JsonObject | undefined): Scrubber {
    return new Scrubber([...this.#authenticator.secrets, ...secretsIn(payload)]);
  }

  /** Sends a request with authorization and repeats it where safe. Errors do not show the secrets of `payload`. */
  async call(
    request: AccessRequest,
    headers: Readonly<Record<string, string>> = {},
    payload = request.body ?? request.upload?.parameters,
  ): Promise<Reply> {
    const path = this.bmc.links.resolve(request.path);
    const scope = this.scope(request, request.method, path);
    const { method, body, nothingHappened, isStreamed, silence, mayRedirect } = request;
    const upload = request.upload === undefined ? undefined : new MultipartBody(request.upload);
    const { retries, timeouts } = this.bmc.settings;
    const isFresh = method === 'POST' && nothingHappened === undefined;
    const sending = new Sending(method, () => upload?.isSent ?? true);
    let over: Promise<void> | undefined;
    try {
      const ask = nothingHappened && (async () => withoutEffect(await nothingHappened(), sending));
      const plan = { method, scope, retries, connect: timeouts.connect, nothingHappened: ask };
      const secrets = secretsIn(payload);
      const reply = await withRetries(plan, async (connect) => {
        try {
          sending.begin();
          const onSent = (): void => {
            sending.left();
            if (method !== 'GET' && upload === undefined) request.onSent?.();
            // What is sent and received piece by piece has a time limit for each piece.
            if (upload !== undefined && request.timeout === undefined) scope.disarm();
          };
          const exchange = {
            method,
            path,
            body,
            upload,
            headers,
            secrets,
            isFresh,
            isStreamed,
            silence,
            onSent,
            mayRedirect,
          };
          return await this.#authorized.exchange(exchange, scope.signal, connect);
        } catch (error) {
          if (upload?.isSent === true) request.onSent?.();
          request.onFailedTry?.(error);
          // An earlier try deleted it, and its answer was lost.
          if (method === 'DELETE' && sending.wasLost && error instanceof RedfishNotFoundError)
            return gone(error);
          sending.failed(error);
          if (upload?.hasBegun === true && error instanceof RedfishError) throw gaveUp(error);
          throw error;
        }
      });
      if (upload !== undefined) request.onSent?.();
      over = reply.stream?.over;
      return reply;
    } catch (error) {
      throw sending.end(error);
    } finally {
      if (over === undefined) scope.close();
      else {
        scope.disarm();
        void over.then(() => scope.close());
      }
    }
  }

  async root(options: CallOptions, isFresh = false): Promise<RedfishResource> {
    const { links, memory } = this.bmc;
    if (isFresh) memory.root = undefined;
    const scope = this.scope(options, 'GET', links.root);
    try {
      return await this.bmc.root(scope, this.#authenticator.secrets);
    } catch (error) {
      if (!(error instanceof RedfishAccessError)) throw error;
      const read = async (path: string): Promise<Reply> => this.call({ ...options, method: 'GET', path });
      return this.bmc.keepRoot(await inEitherForm(links.root, read, isNoRoot));
    } finally {
      scope.close();
    }
  }

  async idle(): Promise<void> {
    if (this.#uses === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  abort(): void {
    this.#life.abort(new RedfishClosedError(`The Redfish client of ${this.bmc.origin} is closed.`));
  }

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
}

function withoutEffect(isWithout: boolean, sending: Sending): boolean {
  if (isWithout) sending.hadNoEffect();
  return isWithout;
}

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
