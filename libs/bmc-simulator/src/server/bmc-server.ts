import { type Duplex } from 'node:stream';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { portOf } from './black-hole.js';
import { type BmcOptions, type Source, sourceOf } from './bmc-options.js';
import { type KeyAndCertificate, selfSignedCertificate } from '../certificates/certificate.js';
import { type ExchangeContext, serve } from './exchange.js';
import { Interception } from '../misbehaviours/interception.js';
import { deliver } from './event-delivery.js';
import { Journal, type RecordedRequest } from './journal.js';
import { type JsonObject } from '../tree/json.js';
import { Switches } from '../misbehaviours/switches.js';
import { type Misbehaviours } from '../misbehaviours/misbehaviours.js';
import { RedfishService } from '../bmc/redfish-service.js';
import { Sockets } from './sockets.js';
import { type ResourceTree } from '../tree/tree.js';
import { type VendorRules } from '../profiles/vendor-rules.js';
import { type MediumState } from '../media/media-store.js';

/** Starts a BMC, by default on a free port of 127.0.0.1. */
export async function startBmc(options: BmcOptions = {}): Promise<BmcServer> {
  // Read first, so that nothing stays open if the folder cannot be read.
  const source = sourceOf(options);
  const { host = '127.0.0.1', port = 0 } = options;
  const tls = options.tls ? { ...(typeof options.tls === 'object' && options.tls) } : undefined;
  const pair = tls && selfSignedCertificate(tls);
  const server = pair ? createSecureServer({ ...tls, key: pair.keyPem, cert: pair.certPem }) : createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return new BmcServer(server, source, options, pair);
}

/** A simulated BMC with switches for misbehaviours. */
export class BmcServer {
  readonly username: string;
  readonly password: string;
  /** Origin and prefix without a slash at the end, for `redfish_address`. */
  readonly address: string;
  /** URL of the service root. */
  readonly url: string;
  /** The certificate a client has to trust; `undefined` without TLS. */
  readonly caPem: string | undefined;
  readonly rules: VendorRules;
  private readonly tree: ResourceTree;
  private readonly service: RedfishService;
  private readonly switches: Switches;
  private readonly journal = new Journal();
  private readonly sockets: Sockets;
  private readonly flight = { current: 0, max: 0 };

  constructor(
    private readonly server: Server,
    { tree, rules }: Source,
    options: BmcOptions,
    pair: KeyAndCertificate | undefined,
  ) {
    const { username = 'admin', password = 'secret-password', prefix = '' } = options;
    this.username = username;
    this.password = password;
    const { host = '127.0.0.1' } = options;
    const origin = `${pair ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`;
    this.address = origin + prefix;
    this.url = `${this.address}/redfish/v1/`;
    this.caPem = pair?.certPem;
    this.rules = rules;
    this.tree = tree;
    this.switches = new Switches((request) => this.service.isLogin(request));
    this.switches.set(options.misbehave ?? {});
    this.service = new RedfishService(tree, rules, { username, password }, this.switches, deliver);
    this.sockets = new Sockets(server, pair !== undefined, () => this.journal.changed());
    this.listen({
      service: this.service,
      rules,
      interception: new Interception(this.switches, rules, this.service.sessions.collection),
      switches: this.switches,
      journal: this.journal,
      sockets: this.sockets,
      origin,
      prefix,
      inFlight: this.flight,
    });
  }

  /** Requests since the start or since {@link forget}. */
  get requests(): readonly RecordedRequest[] {
    return this.journal.requests;
  }

  /** Successful logins since the start. */
  get logins(): number {
    return this.service.sessions.logins;
  }

  /** All logins since the start. */
  get loginAttempts(): number {
    return this.service.sessions.attempts;
  }

  /** Whether a login with these credentials would succeed. */
  accepts(username: string, password: string): boolean {
    return this.service.accounts.find(username, password) !== undefined;
  }

  get sessions(): number {
    return this.service.sessions.count;
  }

  /** The subscriptions as stored, without free slots. */
  get subscriptions(): JsonObject[] {
    return structuredClone(this.service.subscriptions.list);
  }

  get media(): MediumState[] {
    return this.service.media.list;
  }

  get tasks(): { id: string; state: string }[] {
    return this.service.tasks.states;
  }

  get connections(): { readonly current: number; readonly max: number; readonly total: number } {
    const { current, max, total } = this.sockets;
    return { current, max, total };
  }

  /** Requests being served: now, and the most at a time. */
  get inFlight(): { readonly current: number; readonly max: number } {
    return { ...this.flight };
  }

  /** A resource as stored, unchanged by switches. */
  resource(path: string): JsonObject | undefined {
    return structuredClone(this.tree.get(path));
  }

  /** The paths of a collection's members. */
  members(collection: string): string[] {
    return this.tree.members(collection);
  }

  /** Changes a stored resource as PATCH would, or adds one. */
  change(path: string, changes: JsonObject): void {
    if (this.tree.has(path)) {
      this.tree.patch(path, changes);
    } else {
      this.tree.set(path, { '@odata.id': path, ...changes });
    }
  }

  /** Removes a stored resource; links to it stay. */
  remove(path: string): void {
    this.tree.delete(path);
  }

  /** Sets switches; `undefined` unsets one. The others stay. */
  misbehave(changes: Misbehaviours): void {
    this.switches.set(changes);
  }

  behave(): void {
    this.switches.clear();
  }

  /** Inserts an image. `slot` is a path, an Id, or the end of a path (`Managers/1/VirtualMedia/2`). */
  insert(slot: string, image = 'http://192.0.2.1/boot.iso'): void {
    const path = this.service.media.find(slot);
    if (path === undefined) {
      throw new Error(`No medium ${slot}; there are: ${this.media.map((medium) => medium.path).join(', ')}.`);
    }
    this.service.media.insert(path, image);
  }

  expireSessions(): void {
    this.service.sessions.expireAll();
  }

  restart({ losesSubscriptions = false } = {}): void {
    this.expireSessions();
    if (losesSubscriptions) {
      this.service.subscriptions.clear();
    }
    this.sockets.destroyAll();
  }

  forget(): void {
    this.journal.requests.length = 0;
  }

  /** Calls `listener` with each request once it is read. Returns a function that stops that. */
  onRequest(listener: (request: RecordedRequest) => void): () => void {
    return this.journal.onRequest(listener);
  }

  /** Calls `listener` with each request when its exchange has ended. Returns a function that stops that. */
  onAnswer(listener: (request: RecordedRequest) => void): () => void {
    return this.journal.onAnswer(listener);
  }

  /** Resolves when the condition holds; it is checked after every request, answer and connection. */
  async waitFor(condition: (bmc: BmcServer) => boolean, timeoutMs = 10_000): Promise<void> {
    await this.journal.waitFor(() => condition(this), timeoutMs);
  }

  /** Stops listening and drops every connection. May be called twice. */
  async close(): Promise<void> {
    this.service.tasks.close();
    if (this.server.listening) {
      const done = new Promise<void>((resolve) => this.server.close(() => resolve()));
      this.sockets.destroyAll();
      await done;
    }
  }

  private listen(context: ExchangeContext): void {
    // No time limit for idle connections, except by switches.
    this.server.keepAliveTimeout = 0;
    this.server.on('clientError', refuseUnreadable);
    this.server.on('request', (message, response) => {
      serve(message, response, context).catch((error: unknown) => response.destroy(asError(error)));
    });
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** An unknown verb, which Node does not hand over, is 501; anything else that is not HTTP is 400. */
function refuseUnreadable(error: Error, socket: Duplex): void {
  const isVerb = 'code' in error && error.code === 'HPE_INVALID_METHOD';
  if (socket.writable) {
    const status = isVerb ? '501 Not Implemented' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}
