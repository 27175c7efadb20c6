import { Pool } from 'undici';
import { connectorFor, speaksTls } from './connector.js';
import { Delivery, type WireReply, type WireRequest } from './delivery.js';
import { StreamDelivery } from './stream-delivery.js';
import { RedfishConnectionError } from '../errors.js';
import type { RedfishSettings } from '../options.js';
import { asError, orAborted, twoTurns } from './scope.js';
import type { RedfishTarget } from '../target.js';

/** Consecutive resets of kept sockets after which sockets are no longer kept. */
const RESETS = 3;

export class Transport {
  #pool: Pool | undefined;
  readonly #former = new Set<Pool>();
  #opened = 0;
  #resets = 0;
  #keepsConnections = true;
  #hasAnswered = false;
  /** Whether a handshake of TLS succeeds where plain http does not. */
  #isTls: Promise<boolean> | undefined;
  /** Settles when the socket of the last answer is free again. */
  #freed: Promise<void> | undefined;

  constructor(
    readonly origin: string,
    readonly tls: RedfishTarget['tls'],
    readonly settings: RedfishSettings,
    /** Called when resets have shown that the BMC breaks kept connections. */
    readonly onBroken: () => void,
  ) {}

  keep(isKept: boolean): void {
    if (this.#keepsConnections && !isKept) this.#renew();
    this.#keepsConnections = isKept;
  }

  async send(request: WireRequest, signal: AbortSignal, connect: number): Promise<WireReply> {
    if (signal.aborted) throw asError(signal.reason);
    if (request.silence !== undefined) return this.#sendApart(request, signal, connect);
    if (this.#freed !== undefined) {
      await this.#freed;
      if (signal.aborted) throw asError(signal.reason);
    }
    if (request.isFresh === true && this.#opened > 0) this.#renew();
    const pool = (this.#pool ??= this.#open(this.settings.sockets, () => (this.#opened += 1)));
    const opened = this.#opened;
    const wasKept = (): boolean => opened > 0 && opened === this.#opened;
    try {
      const reply = await this.#dispatch(pool, request, signal, connect);
      this.#hasAnswered = true;
      if (wasKept()) this.#resets = 0;
      if (reply.stream === undefined) this.#free();
      return reply;
    } catch (error) {
      if (!(error instanceof RedfishConnectionError) || error.isUnsent) throw error;
      if (wasKept()) this.#broke();
      throw (await this.#speaksTls(signal)) ? this.#asTls(error) : error;
    }
  }

  /** A port of TLS breaks off what is not TLS; told at once, since further tries cannot succeed. */
  async #speaksTls(signal: AbortSignal): Promise<boolean> {
    if (this.#hasAnswered || !this.origin.startsWith('http:')) return false;
    const { networks, lookup, timeouts } = this.settings;
    this.#isTls ??= speaksTls(this.origin, { networks, lookup, timeout: timeouts.connect });
    return orAborted(this.#isTls, signal);
  }

  #asTls({ method, url, cause }: RedfishConnectionError): RedfishConnectionError {
    const text = `${this.origin} speaks TLS; use this address with https:// for the BMC.`;
    return new RedfishConnectionError('tls', true, text, { method, url, cause });
  }

  /** Sends on a socket of its own, which is closed with the stream. */
  async #sendApart(request: WireRequest, signal: AbortSignal, connect: number): Promise<WireReply> {
    const pool = this.#open(1);
    this.#former.add(pool);
    const end = async (): Promise<void> => {
      this.#former.delete(pool);
      await pool.destroy();
    };
    try {
      const reply = await this.#dispatch(pool, request, signal, connect);
      if (reply.stream === undefined) await end();
      else void reply.stream.over.then(end);
      return reply;
    } catch (error) {
      await end();
      throw error;
    }
  }

  async #dispatch(
    pool: Pool,
    request: WireRequest,
    signal: AbortSignal,
    connect: number,
  ): Promise<WireReply> {
    const { timeouts, maxBody } = this.settings;
    const { firstByte, errorBody, total } = timeouts;
    const limits = { connect: Math.min(connect, timeouts.connect), firstByte, errorBody, total, maxBody };
    const { headers, method, path } = request;
    const body = request.upload?.open() ?? request.body ?? null;
    const Consumer = request.isStreamed === true ? StreamDelivery : Delivery;
    const wire = { method, path, headers: { ...headers }, body, reset: !this.#keepsConnections };
    return new Promise<WireReply>((resolve, reject) => {
      pool.dispatch(wire, new Consumer(request, this.origin + path, limits, signal, resolve, reject));
    });
  }

  async close(): Promise<void> {
    const pools = [...this.#former, ...(this.#pool === undefined ? [] : [this.#pool])];
    await Promise.all(pools.map(async (pool) => pool.destroy()));
  }

  #open(sockets: number, onOpen?: () => void): Pool {
    const { timeouts, networks, lookup, keepAlive } = this.settings;
    const connect = connectorFor({ tls: this.tls, networks, lookup, timeout: timeouts.connect });
    return new Pool(this.origin, {
      connections: sockets,
      pipelining: 1,
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
      // Delivery has its own time limits, which also apply while it waits for a socket.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => {
        onOpen?.();
        connect(options, callback);
      },
    });
  }

  /** Leaves the kept sockets: the next request opens one. */
  #renew(): void {
    const former = this.#pool;
    this.#pool = undefined;
    this.#opened = 0;
    if (former === undefined) return;
    this.#former.add(former);
    const forget = (): unknown => this.#former.delete(former);
    former.close().then(forget, forget);
  }

  /** A request before the socket is free would open another. */
  #free(): void {
    const freed = twoTurns();
    this.#freed = freed;
    void freed.then(() => {
      if (this.#freed === freed) this.#freed = undefined;
    });
  }

  #broke(): void {
    this.#resets += 1;
    if (this.#resets < RESETS) return;
    this.keep(false);
    this.onBroken();
  }
}
