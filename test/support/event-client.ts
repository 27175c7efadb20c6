import { type OutgoingHttpHeaders, request, type IncomingMessage } from 'node:http';
import { until } from './until.js';

export interface ReceivedEvent {
  readonly name: string;
  readonly id: string;
  readonly data: unknown;
}

/** Reads a stream of Server-Sent Events, as the standard of HTML has it. */
export class EventClient {
  readonly events: ReceivedEvent[] = [];
  /** Of the last event, or of a later block without data. */
  lastId = '';
  isOver = false;
  onEvent: (event: ReceivedEvent) => void = () => {};
  private rest = '';

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.take(chunk));
    response.on('error', () => {});
    response.on('close', () => (this.isOver = true));
  }

  static async open(url: string, headers: OutgoingHttpHeaders = {}): Promise<EventClient> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { headers, agent: false }).on('response', resolve).on('error', reject).end();
    });
    return new EventClient(response);
  }

  /** Jobs by the data of the events. */
  get states(): string[] {
    return this.events.map(({ data }) => (data as { state: string }).state);
  }

  /** Waits for the id with which a stream begins. */
  async begun(): Promise<this> {
    await until(() => this.lastId !== '');
    return this;
  }

  close(): void {
    this.response.destroy();
  }

  private take(chunk: string): void {
    const blocks = `${this.rest}${chunk}`.split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) this.block(block);
  }

  private block(block: string): void {
    const lines = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/s.exec(line) ?? []);
    const field = (wanted: string) => lines.find(([, name]) => name === wanted)?.[2];
    const id = field('id');
    if (id !== undefined) this.lastId = id;
    const data = field('data');
    if (data === undefined) return;
    const event = { name: field('event') ?? 'message', id: this.lastId, data: JSON.parse(data) as unknown };
    this.events.push(event);
    this.onEvent(event);
  }
}
