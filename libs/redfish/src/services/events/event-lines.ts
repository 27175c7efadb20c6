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
  #endsWithReturn = false;
  #data: string[] = [];
  #size = 0;
  #lastId = '';

  /** @param most characters of one message */
  constructor(readonly most: number) {}

  /** The messages that end in this piece. Throws a RangeError for a message that is too long. */
  *read(piece: Buffer): Generator<StreamMessage, void, undefined> {
    let text = this.#decoder.write(piece);
    if (text === '') return;
    // The second half of a line end whose first half was in the piece before.
    if (this.#endsWithReturn && text.startsWith('\n')) text = text.slice(1);
    this.#endsWithReturn = text.endsWith('\r');
    const [first = '', ...more] = text.split(/\r\n|\n|\r/);
    // Only the new text is searched: a line may come in thousands of pieces.
    const lines = [this.#rest + first, ...more];
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#check(line);
      if (line !== '') this.#field(line);
      else if (this.#data.length > 0) yield this.#message();
    }
    this.#check(this.#rest);
  }

  #check(line: string): void {
    if (this.#size + line.length <= this.most) return;
    throw new RangeError(`A message of the stream is longer than ${this.most} characters.`);
  }

  #field(line: string): void {
    const [, name = '', value = ''] = /^\uFEFF?([^:]*):? ?(.*)$/su.exec(line) ?? [];
    if (name === 'data') {
      this.#data.push(value);
      // With its line end, so that empty lines count, too.
      this.#size += value.length + 1;
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
