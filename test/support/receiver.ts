import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers, and may leave a request without an answer. */
export type Reaction = (received: Received, response: ServerResponse, request: IncomingMessage) => void;

export const acknowledge: Reaction = (_, response) => void response.writeHead(204).end();

/** What FERRULE_WEBHOOK_URL names. */
export class Receiver {
  readonly received: Received[] = [];
  reaction: Reaction = acknowledge;
  private readonly server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const received = { method, path: url, headers, body };
      this.received.push(received);
      this.reaction(received, response, request);
    });
  });

  static async open(port = 0): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.server.listen(port, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Those about a job. */
  of(id: string): Received[] {
    return this.received.filter(({ headers }) => headers['webhook-id'] === id);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
