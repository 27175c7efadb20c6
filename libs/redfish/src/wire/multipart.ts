import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { RedfishArgumentError } from '../errors.js';
import { asError, twoTurns } from './scope.js';
import type { RedfishUpload } from '../types.js';

interface Watcher {
  /** Called for each piece that is taken to be sent. */
  readonly onPiece: () => void;
  /** Called when all of it was taken. */
  readonly onEnd: () => void;
}

/**
 * A file and its parameters as `multipart/form-data`, encoded piece by piece while it is sent. undici's FormData would
 * need the whole file in memory.
 */
export class MultipartBody {
  readonly headers: Readonly<Record<string, string>>;
  /** What the source of the file threw. */
  failure: Error | undefined;
  #state: 'unsent' | 'begun' | 'sent' = 'unsent';
  #isWaiting = false;
  #watcher: Watcher | undefined;
  readonly #head: Buffer;
  readonly #tail: Buffer;
  readonly #size: number | undefined;

  constructor(readonly upload: RedfishUpload) {
    const { parameters, file, size, filename = 'firmware.bin' } = upload;
    const boundary = `ferrule-${randomUUID()}`;
    this.#size = file instanceof Uint8Array ? file.length : size;
    this.#head = Buffer.from(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="UpdateParameters"',
        'Content-Type: application/json',
        '',
        JSON.stringify(parameters),
        `--${boundary}`,
        `Content-Disposition: form-data; name="UpdateFile"; filename="${quotable(filename)}"`,
        'Content-Type: application/octet-stream',
        '',
        '',
      ].join('\r\n'),
    );
    this.#tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const length = this.#size === undefined ? undefined : this.#head.length + this.#size + this.#tail.length;
    this.headers = {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...(length === undefined ? {} : { 'content-length': String(length) }),
    };
  }

  /** Whether a part of it may have reached the BMC, so that it cannot be sent again. */
  get hasBegun(): boolean {
    return this.#state !== 'unsent';
  }

  get isSent(): boolean {
    return this.#state === 'sent';
  }

  /** Whether a part of it, but not all, was taken to be sent. */
  get isPartial(): boolean {
    return this.#state === 'begun';
  }

  /** Whether its source has not yet given the next piece. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  watch(watcher: Watcher): void {
    this.#watcher = watcher;
  }

  /** The source is not touched before the first piece is taken, which is after the connection was made. */
  open(): Readable {
    return Readable.from(this.#pieces(), { objectMode: false });
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    this.#state = 'begun';
    yield this.#head;
    let sent = 0;
    try {
      const { file } = this.upload;
      this.#isWaiting = true;
      for await (const piece of file instanceof Uint8Array ? [file] : file) {
        this.#isWaiting = false;
        this.#watcher?.onPiece();
        // Lets what the BMC has answered be read. A BMC that refuses an upload early closes the connection; writing to
        // it would fail, and its answer would be lost with the socket.
        await twoTurns();
        sent += piece.length;
        if (sent > (this.#size ?? Infinity)) break;
        yield piece;
        this.#isWaiting = true;
      }
      this.#isWaiting = false;
      if (this.#size !== undefined && sent !== this.#size) {
        const has = sent > this.#size ? `more than the ${this.#size}` : `only ${sent} of the ${this.#size}`;
        throw new RedfishArgumentError('size', `The file has ${has} bytes that were announced.`);
      }
    } catch (error) {
      this.failure = asError(error);
      throw this.failure;
    }
    yield this.#tail;
    this.#state = 'sent';
    this.#watcher?.onEnd();
  }
}

/** Closes a stream that nothing was read of, so that it keeps no file or connection open. */
export function closeUnread(file: RedfishUpload['file']): void {
  if (file instanceof Readable && !file.readableDidRead) file.destroy();
}

/** As browsers write it. */
function quotable(filename: string): string {
  return filename.replace(/["\r\n]/g, (char) => encodeURIComponent(char));
}
