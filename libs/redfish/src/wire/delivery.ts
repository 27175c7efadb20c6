import type { Dispatcher } from 'undici';
import { RedfishResponseError, RedfishTimeoutError } from '../errors.js';
import { Deadline } from './deadline.js';
import type { MultipartBody } from './multipart.js';
import { asError } from './scope.js';
import type { WireBody } from './wire-body.js';
import { wireError, type WirePhase } from './wire-errors.js';

export interface WireRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** In place of `body`. */
  readonly upload?: MultipartBody | undefined;
  /** Hands over the body of a 2xx as a stream. */
  readonly isStreamed?: boolean | undefined;
  /** The stream never ends, and gets a socket of its own: the most milliseconds between two pieces of it. */
  readonly silence?: number | undefined;
  readonly onSent?: (() => void) | undefined;
  /** Sends it on a new socket: a BMC may close a kept one at the same moment, and it would stay unknown what it did. */
  readonly isFresh?: boolean | undefined;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** In place of `bytes`, for a 2xx that was asked for as a stream. */
  readonly stream?: WireBody | undefined;
}

export interface WireLimits {
  readonly connect: number;
  readonly firstByte: number;
  /** For the answer to an upload once all of it was sent, and for a caller to take a piece of a stream. */
  readonly total: number;
  readonly errorBody: number;
  readonly maxBody: number;
}

export function flat(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}

export class Delivery implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #phase: WirePhase = 'connect';
  #deadline: Deadline | undefined;
  #isOver = false;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #chunks: Buffer[] = [];
  #size = 0;
  readonly #onAbort = (): void => this.#abort();

  constructor(
    readonly request: WireRequest,
    readonly url: string,
    readonly limits: WireLimits,
    readonly signal: AbortSignal,
    readonly resolve: (reply: WireReply) => void,
    readonly reject: (error: Error) => void,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#clock(limits.connect);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) return controller.abort(new Error('given up'));
    this.#phase = 'first-byte';
    this.request.onSent?.();
    this.#clock(this.limits.firstByte);
    this.request.upload?.watch({
      onPiece: () => this.#deadline?.refresh(),
      onEnd: () => this.#phase === 'first-byte' && this.#clock(this.limits.total),
    });
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200 || this.#isOver) return;
    this.#phase = 'body';
    this.#status = status;
    this.#headers = flat(headers);
    if (status >= 400) this.#clock(this.limits.errorBody);
    else this.#deadline?.refresh();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#size += chunk.length;
    if (this.#size > this.limits.maxBody) {
      this.#fail(
        new RedfishResponseError(`The answer to ${this.#line} is larger than ${this.limits.maxBody} bytes.`, {
          method: this.request.method,
          url: this.url,
          status: this.#status,
          contentType: this.#headers['content-type'],
        }),
      );
      return;
    }
    this.#chunks.push(chunk);
    if (this.#status < 400) this.#deadline?.refresh();
  }

  onResponseEnd(): void {
    this.#finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    // Old iDRACs break off the body of a 401, and some BMCs send one with a 204. The status is enough.
    if (this.#isStatusEnough && !this.#isOver) return this.#finishWithoutBody();
    const { method, upload } = this.request;
    if (upload?.failure !== undefined) return this.#fail(upload.failure);
    const isUploading = upload?.isPartial === true && this.#phase === 'first-byte';
    this.#fail(wireError(error, isUploading ? 'upload' : this.#phase, method, this.url));
  }

  /** Stops without a result; whoever calls it takes the rest of the answer over. False if it has ended already. */
  release(): boolean {
    return this.#end();
  }

  get #isStatusEnough(): boolean {
    return this.#phase === 'body' && (this.#status >= 400 || this.#status === 204);
  }

  #finishWithoutBody(): void {
    this.#chunks = [];
    this.#size = 0;
    this.#finish();
  }

  #abort(): void {
    const reason: unknown = this.signal.reason;
    // At the end of the call's time its error should be the status, which is known.
    if (reason instanceof RedfishTimeoutError && this.#isStatusEnough) return this.#stopWithStatus();
    this.#fail(asError(reason));
  }

  #stopWithStatus(): void {
    this.#finishWithoutBody();
    this.#controller?.abort(new Error('the rest of the body is not needed'));
  }

  get #line(): string {
    return `${this.request.method} ${this.url}`;
  }

  #clock(milliseconds: number): void {
    this.#deadline?.clear();
    this.#deadline = new Deadline(milliseconds, () => this.#late(milliseconds));
  }

  #late(milliseconds: number): void {
    if (this.#isStatusEnough) return this.#stopWithStatus();
    const details = { method: this.request.method, url: this.url };
    this.#fail(
      this.#phase === 'connect'
        ? new RedfishTimeoutError(
            'connect',
            `No connection for ${this.#line} in ${Math.ceil(milliseconds)} ms.`,
            details,
          )
        : new RedfishTimeoutError('first-byte', this.#silence(milliseconds), details),
    );
  }

  #silence(milliseconds: number): string {
    const { upload } = this.request;
    if (this.#phase === 'body') return `The answer to ${this.#line} stopped for ${milliseconds} ms.`;
    if (upload === undefined || upload.isSent) return `No answer to ${this.#line} in ${milliseconds} ms.`;
    return upload.isWaiting
      ? `The source of the upload of ${this.#line} gave nothing for ${milliseconds} ms.`
      : `The upload of ${this.#line} did not go on for ${milliseconds} ms.`;
  }

  #finish(): void {
    if (this.#end()) {
      this.resolve({
        status: this.#status,
        headers: this.#headers,
        bytes: Buffer.concat(this.#chunks, this.#size),
      });
    }
  }

  #fail(error: Error): void {
    if (!this.#end()) return;
    this.reject(error);
    this.#controller?.abort(error);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#deadline?.clear();
    this.signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
