import { StringDecoder } from 'node:string_decoder';

/** A message of an event stream. */
export interface StreamMessage {
  readonly data: string;
  /** The last id that the stream has sent; empty if it sends none. */
  readonly lastId: string;
}

/** Reads the format `text/event-stream` of the HTML standard from pieces of any size. */
export class EventLines {
  /** Milliseconds that the BMC asks to wait before the stream is opened again. */
  retry: number | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #data: string[] = [];
  #size = 0;
  #lastId = '';

  /** @param most characters of one message */
  constructor(readonly most: number) {}

  /** The messages that end in this piece. Throws a RangeError for a message that is too long. */
  *read(piece: Buffer): Generator<StreamMessage, void, undefined> {
    const text = this.#rest + this.#decoder.write(piece);
    // A carriage return at the end may be the first half of a line end.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#field(line);
      else if (this.#data.length > 0) yield this.#message();
    }
    if (this.#rest.length + this.#size > this.most) {
      throw new RangeError(`A message of the stream is longer than ${this.most} characters.`);
    }
  }

  #field(line: string): void {
    const [, name = '', value = ''] = /^\uFEFF?([^:]*):? ?(.*)$/su.exec(line) ?? [];
    if (name === 'data') {
      this.#data.push(value);
      this.#size += value.length;
    } else if (name === 'id' && !value.includes('\0')) this.#lastId = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }

  #message(): StreamMessage {
    const data = this.#data.join('\n');
    this.#data = [];
    this.#size = 0;
    return { data, lastId: this.#lastId };
  }
}
