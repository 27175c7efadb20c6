import type { Dispatcher } from 'undici';
import { Delivery, flat, type WireLimits, type WireReply, type WireRequest } from './delivery.js';
import { WireBody } from './wire-body.js';
import { wireError } from './wire-errors.js';

/** Resolves with the head of a 2xx and a stream of its body; with any other answer as `Delivery` does. */
export class StreamDelivery implements Dispatcher.DispatchHandler {
  readonly #head: Delivery;
  #body: WireBody | undefined;

  constructor(
    readonly request: WireRequest,
    readonly url: string,
    readonly limits: WireLimits,
    readonly signal: AbortSignal,
    readonly resolve: (reply: WireReply) => void,
    reject: (error: Error) => void,
  ) {
    this.#head = new Delivery(request, url, limits, signal, resolve, reject);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#head.onRequestStart(controller);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    if (status >= 300 || !this.#head.release())
      return this.#head.onResponseStart(controller, status, headers);
    const asked = { method: this.request.method, url: this.url };
    const { silence } = this.request;
    const limits = silence === undefined ? this.limits : { firstByte: silence, total: Infinity };
    const stream = new WireBody(asked, limits, this.signal, controller);
    this.#body = stream;
    this.resolve({ status, headers: flat(headers), bytes: Buffer.alloc(0), stream });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body === undefined) this.#head.onResponseData(controller, chunk);
    else this.#body.receive(chunk);
  }

  onResponseEnd(): void {
    if (this.#body === undefined) this.#head.onResponseEnd();
    else this.#body.complete();
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#body === undefined) this.#head.onResponseError(controller, error);
    else this.#body.destroy(wireError(error, 'body', this.request.method, this.url));
  }
}
