import { Pool } from 'undici';
import { connectorFor } from './connector.js';
import { Delivery, type WireReply, type WireRequest } from './delivery.js';
import { RedfishConnectionError } from '../errors.js';
import type { RedfishSettings } from '../options.js';
import { asError } from './scope.js';
import type { RedfishTarget } from '../target.js';

/** Consecutive resets of kept sockets after which sockets are no longer kept. */
const RESETS = 3;

export class Transport {
  readonly #pool: Pool;
  #opened = 0;
  #resets = 0;
  /** `false` if a quirk says, or resets have shown, that the BMC breaks kept connections. */
  keepsConnections = true;

  constructor(
    readonly origin: string,
    tls: RedfishTarget['tls'],
    readonly settings: RedfishSettings,
  ) {
    const { timeouts, networks, lookup, keepAlive, sockets } = settings;
    const connect = connectorFor({ tls, networks, lookup, timeout: timeouts.connect });
    this.#pool = new Pool(origin, {
      connections: sockets,
      pipelining: 1,
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
      // Delivery has its own time limits, which also apply while it waits for a socket.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (options, callback) => {
        this.#opened += 1;
        connect(options, callback);
      },
    });
  }

  async send(request: WireRequest, signal: AbortSignal, connect: number): Promise<WireReply> {
    if (signal.aborted) throw asError(signal.reason);
    const opened = this.#opened;
    const wasKept = (): boolean => opened > 0 && opened === this.#opened;
    const { timeouts, maxBody } = this.settings;
    const limits = { connect: Math.min(connect, timeouts.connect), firstByte: timeouts.firstByte, maxBody };
    const { body = null, headers, method, path } = request;
    const wire = { method, path, headers: { ...headers }, body, reset: !this.keepsConnections };
    try {
      const reply = await new Promise<WireReply>((resolve, reject) => {
        this.#pool.dispatch(wire, new Delivery(request, this.origin + path, limits, signal, resolve, reject));
      });
      if (wasKept()) this.#resets = 0;
      return reply;
    } catch (error) {
      if (wasKept() && error instanceof RedfishConnectionError && !error.isUnsent) this.#broke();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #broke(): void {
    this.#resets += 1;
    if (this.#resets >= RESETS) this.keepsConnections = false;
  }
}
