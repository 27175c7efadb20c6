import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { RedfishTimeoutError } from '../errors.js';
import { Deadline } from './deadline.js';
import { asError, twoTurns } from './scope.js';

/** The body of an answer while it arrives; what nobody reads is not fetched. */
export class WireBody extends Readable {
  /** Resolves when its socket is free: it has arrived, failed or was destroyed. */
  readonly over: Promise<void>;
  #settle: () => void = () => undefined;
  #deadline: Deadline | undefined;
  #isComplete = false;
  readonly #onAbort = (): void => void this.destroy(asError(this.signal.reason));

  constructor(
    readonly asked: { readonly method: string; readonly url: string },
    /** Milliseconds: for the BMC to send a piece, for the caller to take one. */
    readonly limits: { readonly firstByte: number; readonly total: number },
    readonly signal: AbortSignal,
    readonly controller: Dispatcher.DispatchController,
  ) {
    super();
    this.over = new Promise((resolve) => {
      this.#settle = resolve;
    });
    signal.addEventListener('abort', this.#onAbort, { once: true });
    // It may fail before anybody reads it, which Node would take for an uncaught exception.
    this.on('error', () => undefined);
    this.#awaitBmc();
  }

  override _read(): void {
    if (!this.controller.paused) return;
    this.#awaitBmc();
    this.controller.resume();
  }

  receive(chunk: Buffer): void {
    if (this.destroyed) return;
    if (this.push(chunk)) return this.#awaitBmc();
    this.controller.pause();
    const { total } = this.limits;
    this.#clock(total, `Nobody read the answer to ${this.#line} for ${total} ms.`);
  }

  complete(): void {
    this.#isComplete = true;
    this.push(null);
    void twoTurns().then(() => this.#free());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#isComplete) {
      this.controller.abort(error ?? new Error('the rest of the body is not needed'));
      this.#free();
    }
    callback(error);
  }

  get #line(): string {
    return `${this.asked.method} ${this.asked.url}`;
  }

  #awaitBmc(): void {
    const { firstByte } = this.limits;
    this.#clock(firstByte, `The answer to ${this.#line} stopped for ${firstByte} ms.`);
  }

  #clock(milliseconds: number, text: string): void {
    this.#deadline?.clear();
    this.#deadline = new Deadline(milliseconds, () => {
      this.destroy(new RedfishTimeoutError('first-byte', text, this.asked));
    });
  }

  #free(): void {
    this.#deadline?.clear();
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#settle();
  }
}
