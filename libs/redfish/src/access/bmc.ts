import { published, readAnswer, resourceIn, type Reply } from '../wire/answer.js';
import type { Circuit } from './circuit.js';
import type { WireReply } from '../wire/delivery.js';
import {
  RedfishConnectionError,
  RedfishError,
  RedfishForeignLinkError,
  RedfishResponseError,
  RedfishTimeoutError,
} from '../errors.js';
import { identityOf } from '../quirks/identity.js';
import type { JsonObject } from '../json.js';
import { inEitherForm, isNoRoot, Links } from '../wire/links.js';
import type { MultipartBody } from '../wire/multipart.js';
import type { Memory } from '../quirks/memory.js';
import type { RedfishSettings } from '../options.js';
import { behaviourOf, quirksOf, type Behaviour } from '../quirks/quirks.js';
import { type RequestQueue } from '../wire/queue.js';
import { withRetries } from '../wire/retry.js';
import type { CallScope } from '../wire/scope.js';
import { Scrubber } from '../wire/scrub.js';
import type { RedfishTarget } from '../target.js';
import { Transport } from '../wire/transport.js';
import type { RedfishMethod, RedfishRequest, RedfishResource } from '../types.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 5;
/** Learned flag: `close` if the BMC breaks kept connections. */
const CONNECTION = 'connection';

export interface Exchange {
  readonly method: RedfishMethod;
  readonly path: string;
  readonly body?: JsonObject | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly secrets: readonly string[];
  /** Skips the queue. For logins and logouts, which other requests wait for. */
  readonly isUrgent?: boolean;
  /** For requests that carry a credential: checked before sending, and notified of a 401. */
  readonly circuit?: Circuit | undefined;
  readonly onSent?: (() => void) | undefined;
  readonly isFresh?: boolean | undefined;
  /** In place of `body`. Sent once: neither a redirect nor a 406 repeats it. */
  readonly upload?: MultipartBody | undefined;
  /** Hands over the body of a 2xx as a stream, of any content type. */
  readonly isStreamed?: boolean | undefined;
  /** The stream never ends: the most milliseconds between two pieces of it. */
  readonly silence?: number | undefined;
  readonly mayRedirect?: RedfishRequest['mayRedirect'];
}

export class Bmc {
  readonly links: Links;
  readonly #transport: Transport;
  #down: { readonly at: number; readonly error: Error } | undefined;

  constructor(
    target: RedfishTarget,
    readonly settings: RedfishSettings,
    readonly memory: Memory,
    /** Shared by all accesses to this BMC, whatever their TLS options. */
    readonly queue: RequestQueue,
  ) {
    const { origin, root } = target;
    this.links = new Links(origin, root, settings.aliases[origin]);
    this.#transport = new Transport(origin, target.tls, settings, () => memory.learn(CONNECTION, 'close'));
    this.#shape();
  }

  get origin(): string {
    return this.links.origin;
  }

  /** Its maker in its own words; undefined before the root was read, or if it does not say. */
  get vendor(): string | undefined {
    const { root } = this.memory;
    return root === undefined ? undefined : identityOf(root.body, this.memory).vendor;
  }

  get behaviour(): Behaviour {
    const { root } = this.memory;
    return root === undefined ? {} : behaviourOf(quirksOf(identityOf(root.body, this.memory)));
  }

  async root(scope: CallScope, secrets: readonly string[]): Promise<RedfishResource> {
    if (this.memory.root !== undefined) return this.memory.root;
    const { retries, timeouts } = this.settings;
    const plan = { method: 'GET', scope, retries, connect: timeouts.connect };
    const read = async (path: string): Promise<Reply> => {
      const request = { method: 'GET', path, secrets, isUrgent: true } as const;
      return withRetries(plan, async (connect) => this.exchange(request, scope.signal, connect));
    };
    return this.keepRoot(await inEitherForm(this.links.root, read, isNoRoot));
  }

  keepRoot(reply: Reply): RedfishResource {
    const root = resourceIn(published(reply));
    this.memory.root = root;
    this.#shape();
    return root;
  }

  #shape(): void {
    const { connection, sockets } = this.behaviour;
    const isClosing = connection === 'close' || this.memory.get(CONNECTION) === 'close';
    this.#transport.keep(!isClosing);
    this.queue.resize(sockets ?? this.settings.sockets);
  }

  /** Sends one request when its turn comes. Follows redirects within this BMC with the same verb and body. */
  async exchange(request: Exchange, signal: AbortSignal, connect: number): Promise<Reply> {
    const asked = performance.now();
    const work = async (): Promise<Reply> => {
      // Requests queued while a connection attempt failed fail with it instead of each making their own attempt.
      if (this.#down !== undefined && this.#down.at > asked) throw this.#down.error;
      request.circuit?.enter();
      try {
        const reply = await this.#exchange(request, signal, connect);
        this.#down = undefined;
        request.circuit?.succeeded();
        return reply;
      } catch (error) {
        if (isNoConnection(error)) this.#down = { at: performance.now(), error };
        if (error instanceof RedfishError && error.status !== undefined) {
          if (error.status === 401) request.circuit?.failed();
          else request.circuit?.succeeded();
        }
        throw error;
      }
    };
    // A stream occupies its socket until its end, unless it has one of its own.
    const rest = ({ stream }: Reply): Promise<void> | undefined =>
      request.silence === undefined ? stream?.over : undefined;
    return this.queue.run(work, signal, request.isUrgent, rest);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #exchange(request: Exchange, signal: AbortSignal, connect: number): Promise<Reply> {
    let { method, path, body } = request;
    for (let hops = 0; ; hops += 1) {
      const wire = await this.#send({ ...request, method, path, body }, signal, connect);
      const location = wire.headers['location'];
      const { links, settings } = this;
      const asked = {
        method,
        path,
        links,
        scrubber: new Scrubber(request.secrets),
        maxBody: settings.maxBody,
      };
      if (!REDIRECTS.has(wire.status) || location === undefined) return readAnswer(wire, asked);
      if (hops >= MOST_REDIRECTS) {
        throw notFollowed(
          request.method,
          links.url(request.path),
          wire.status,
          ` more than ${MOST_REDIRECTS} times`,
        );
      }
      this.#checkScheme(location, path);
      if (request.upload !== undefined && wire.status !== 303) {
        throw notFollowed(method, links.url(path), wire.status, ', and its upload cannot be repeated');
      }
      const next = links.resolve(location, path);
      const verb = wire.status === 303 ? 'GET' : method;
      // Reads the redirect itself as the answer, which is an error.
      if (request.mayRedirect?.(verb, next) === false) return readAnswer(wire, asked);
      path = next;
      if (wire.status === 303) [method, body] = ['GET', undefined];
    }
  }

  #checkScheme(location: string, path: string): void {
    const { origin } = this.links;
    if (!URL.canParse(location, origin)) return;
    const { protocol, hostname, origin: secure } = new URL(location, origin);
    if (protocol !== 'https:' || hostname !== new URL(origin).hostname || origin.startsWith('https:')) return;
    throw new RedfishForeignLinkError(
      `${origin} redirects to ${secure}; use this address, with https://, for the BMC.`,
      { url: this.links.url(path) },
    );
  }

  async #send(request: Exchange, signal: AbortSignal, connect: number): Promise<WireReply> {
    const { method, path, body, upload, onSent, isFresh, isStreamed, silence } = request;
    const began = performance.now();
    let status: number | undefined;
    let failure: RedfishError['code'] | undefined;
    const { vendor } = this;
    try {
      const isBare = this.memory.get('accept-encoding') === 'none';
      const headers = this.#headers(request, isBare);
      const wire = {
        method,
        path,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        upload: method === 'GET' ? undefined : upload,
        onSent,
        isFresh,
        isStreamed,
        silence,
      };
      let reply = await this.#transport.send(wire, signal, connect);
      if (reply.status === 406 && !isBare && upload === undefined) {
        // HPE Gen10 Plus serves its registries only without Accept-Encoding.
        reply = await this.#transport.send(
          { ...wire, headers: this.#headers(request, true) },
          signal,
          connect,
        );
        if (reply.status !== 406) this.memory.learn('accept-encoding', 'none');
      }
      status = reply.status;
      return reply;
    } catch (error) {
      failure = error instanceof RedfishError ? error.code : undefined;
      // After a restart the firmware may be another one.
      if (error instanceof RedfishConnectionError) this.memory.forget();
      throw error;
    } finally {
      const milliseconds = performance.now() - began;
      const { origin: bmc } = this;
      const kind = 'exchange';
      this.settings.observe({ kind, bmc, vendor, method, path, status, failure, milliseconds });
    }
  }

  #headers(request: Exchange, isBare: boolean): Record<string, string> {
    return {
      ...request.headers,
      accept: acceptOf(request),
      'odata-version': '4.0',
      'user-agent': this.settings.userAgent,
      ...(isBare ? {} : { 'accept-encoding': 'identity' }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(request.method === 'GET' ? {} : request.upload?.headers),
    };
  }
}

function notFollowed(method: string, url: string, status: number, why: string): RedfishResponseError {
  return new RedfishResponseError(`${method} ${url} was redirected${why}.`, { method, url, status });
}

function isNoConnection(error: unknown): error is Error {
  if (error instanceof RedfishConnectionError) return error.isUnsent;
  return error instanceof RedfishTimeoutError && error.phase === 'connect';
}

function acceptOf({ isStreamed, silence }: Exchange): string {
  if (silence !== undefined) return 'text/event-stream';
  return isStreamed === true ? '*/*' : 'application/json';
}
