import { type Authentication } from '../access/access.js';
import { type Json } from '../tree/json.js';

export interface RecordedUpload {
  /** The content of `UpdateParameters`. */
  readonly parameters: Json | undefined;
  readonly filename: string | undefined;
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `undefined` if there was none or it was no JSON. */
  readonly body: Json | undefined;
  /** Empty for an upload. */
  readonly rawBody: string;
  /** A file that was sent as `multipart/form-data`. */
  readonly upload?: RecordedUpload | undefined;
  readonly authentication: Authentication;
  /** Serial number of the connection, from 1. */
  readonly connection: number;
  /** Absent while it is not answered. */
  status?: number;
  /** `gone`: the client closed the connection first. */
  outcome: 'pending' | 'answered' | 'reset' | 'cut' | 'unanswered' | 'gone';
}

export class Journal {
  readonly requests: RecordedRequest[] = [];
  private readonly listeners = new Set<(request: RecordedRequest) => void>();
  private readonly answerListeners = new Set<(request: RecordedRequest) => void>();
  private readonly watchers = new Set<() => void>();

  add(request: RecordedRequest): void {
    this.requests.push(request);
    this.listeners.forEach((listener) => listener(request));
    this.changed();
  }

  changed(): void {
    this.watchers.forEach((watcher) => watcher());
  }

  /** Calls `listener` with each request after it was read and before it has an effect. */
  onRequest(listener: (request: RecordedRequest) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  ended(request: RecordedRequest): void {
    this.answerListeners.forEach((listener) => listener(request));
  }

  onAnswer(listener: (request: RecordedRequest) => void): () => void {
    this.answerListeners.add(listener);
    return () => this.answerListeners.delete(listener);
  }

  /** Resolves when `condition` holds; rejects after `timeoutMs` with the requests it saw. */
  async waitFor(condition: () => boolean, timeoutMs: number): Promise<void> {
    if (condition()) {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const finish = (done: () => void): void => {
        clearTimeout(timer);
        this.watchers.delete(watcher);
        done();
      };
      const watcher = (): void => {
        if (condition()) {
          finish(resolve);
        }
      };
      const timer = setTimeout(() => finish(() => reject(this.timedOut(timeoutMs))), timeoutMs);
      this.watchers.add(watcher);
    });
  }

  private timedOut(timeoutMs: number): Error {
    const last = this.requests
      .slice(-5)
      .map(({ method, path, outcome, status }) => `${method} ${path} ${status ?? outcome}`);
    return new Error(
      `The BMC did not reach the expected state within ${timeoutMs} ms. Last requests: ${last.join(', ')}.`,
    );
  }
}
