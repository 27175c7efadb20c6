/** What a stream of Server-Sent Events brought. */
export interface ServerEvent {
  /** Without one: `message`. */
  readonly name: string;
  readonly data: string;
}

/** Longer than any event of a job, whose result is limited. */
const LONGEST_EVENT = 64 * 1024 * 1024;

/** Parses a stream, as the standard of HTML has it. */
export class EventReader {
  /** Of the last event, or of a later block without data. */
  lastId = '';
  private rest = '';

  /** Starts again with a new connection. */
  begin(): void {
    this.rest = '';
  }

  /** @throws Error for what is no stream of events. */
  take(chunk: string): ServerEvent[] {
    // A line end may come in two chunks.
    const text = `${this.rest}${chunk}`;
    const isHalf = text.endsWith('\r');
    const blocks = (isHalf ? text.slice(0, -1) : text).replaceAll(/\r\n?/g, '\n').split('\n\n');
    this.rest = `${blocks.pop() ?? ''}${isHalf ? '\r' : ''}`;
    if (this.rest.length > LONGEST_EVENT) throw new Error('An event of the stream does not end.');
    return blocks.flatMap((block) => this.event(block));
  }

  private event(block: string): ServerEvent[] {
    let name = 'message';
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === 'id' && !value.includes('\0')) this.lastId = value;
      else if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
    }
    return data.length === 0 ? [] : [{ name, data: data.join('\n') }];
  }
}
