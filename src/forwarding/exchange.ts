import { type IncomingHttpHeaders } from 'node:http';
import { type Response } from 'express';
import { type Dispatcher } from 'undici';
import { tlsFailure } from '../http/tls/tls-failure.js';
import { reasonOf } from '../logging/reason-of.js';
import { FORWARDED, type Headers, REFUSED } from './forwarded-headers.js';

/** `unsent` and `misdirected`: nothing was begun. `cut`: the answer has begun, and its rest is missing. */
export type ExchangeEnd =
  | { readonly is: 'answered' | 'cut' | 'misdirected' }
  | { readonly is: 'unsent' | 'lost' | 'silent'; readonly reason: string };

const MISDIRECTED = 421;

const PLACES = { ca: 'FERRULE_CONDUCTOR_CA', name: 'its FERRULE_CONDUCTOR_ADDRESS' };

/** Sends one request to one conductor, and passes its answer on as it comes. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<ExchangeEnd>;
  private end: (end: ExchangeEnd) => void = () => {};
  private controller: Dispatcher.DispatchController | undefined;
  private stopped: 'unsent' | 'silent' | undefined;
  private isMisdirected = false;

  /** @param headersOf what of the conductor's headers the client gets. */
  constructor(
    private readonly response: Response,
    private readonly headersOf: (headers: IncomingHttpHeaders) => Headers,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  get isSent(): boolean {
    return this.controller !== undefined;
  }

  /** @param as how it ends, if it has not begun to answer. */
  stop(as: 'unsent' | 'silent', reason: string): void {
    this.stopped ??= as;
    if (this.controller) this.controller.abort(new Error(reason));
    else this.end({ is: 'unsent', reason });
  }

  /** The connection is there, and the request is about to be written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.stopped) controller.abort(new Error('It is not wanted any more.'));
    else this.controller = controller;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    if (status === MISDIRECTED && headers[FORWARDED] === REFUSED) {
      this.isMisdirected = true;
      return;
    }
    this.response.writeHead(status, this.headersOf(headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isMisdirected || this.response.write(chunk)) return;
    controller.pause();
    this.response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.isMisdirected) {
      this.end({ is: 'misdirected' });
      return;
    }
    this.response.end();
    this.end({ is: 'answered' });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const reason = reasonOf(tlsFailure(error, PLACES) ?? error);
    if (this.response.headersSent) this.end({ is: 'cut' });
    else if (!this.isSent) this.end({ is: 'unsent', reason });
    else this.end({ is: this.stopped === 'silent' || isLate(error) ? 'silent' : 'lost', reason });
  }
}

/** undici's limits of the answer. */
function isLate(error: Error): boolean {
  return 'code' in error && error.code === 'UND_ERR_HEADERS_TIMEOUT';
}
