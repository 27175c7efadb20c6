import { type Response } from 'express';
import { markEndless } from '../middleware/observation.js';
import { holdAnswer } from './unread-answers.js';

export interface StreamedEvent {
  /** Without it: `message`. */
  readonly name?: string;
  readonly id: string;
  /** JSON. */
  readonly data: Buffer;
}

/** Milliseconds after which a client whose connection broke is to come back. */
const RETRY_MS = 2_000;

const LINE_ENDS = /[\r\n]/g;

/** An answer of Server-Sent Events. It keeps one event at most that the client has not taken. */
export class EventStream {
  private wroteAt = performance.now();

  constructor(private readonly response: Response) {
    markEndless(response);
    response.statusCode = 200;
    response.setHeader('Content-Type', 'text/event-stream');
    response.setHeader('Cache-Control', 'no-store');
    // Proxies such as nginx would hold events back.
    response.setHeader('X-Accel-Buffering', 'no');
    response.flushHeaders();
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  get isOver(): boolean {
    return this.response.closed || this.response.writableEnded;
  }

  /** Milliseconds since something was sent. */
  get silence(): number {
    return performance.now() - this.wroteAt;
  }

  /** Resolves when the client can take more, or is gone. */
  async send({ name, id, data }: StreamedEvent): Promise<void> {
    const head = `${name === undefined ? '' : `event: ${name}\n`}id: ${id}\ndata: `;
    await this.write(Buffer.concat([Buffer.from(head), onOneLine(data), Buffer.from('\n\n')]));
  }

  /** Something for proxies and clients that close silent connections; the client goes on after this id. */
  async keepAlive(id: string): Promise<void> {
    await this.write(Buffer.from(`:\nid: ${id}\n\n`));
  }

  end(): void {
    if (!this.isOver) this.response.end();
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.isOver) return;
    this.wroteAt = performance.now();
    const taken = holdAnswer(this.response, bytes.length);
    if (!this.response.write(bytes)) await this.readiness();
    taken();
  }

  private readiness(): Promise<void> {
    const { response } = this;
    return new Promise((resolve) => {
      const goOn = (): void => {
        response.off('drain', goOn).off('close', goOn);
        resolve();
      };
      response.on('drain', goOn).on('close', goOn);
    });
  }
}

/** In JSON, line ends are between its parts only. */
function onOneLine(json: Buffer): Buffer {
  return json.includes('\n') || json.includes('\r')
    ? Buffer.from(json.toString().replace(LINE_ENDS, ' '))
    : json;
}
