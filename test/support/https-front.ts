import { once } from 'node:events';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';

/** Speaks https in front of a server that speaks http. */
export class HttpsFront {
  private constructor(private readonly server: Server) {}

  static async start(
    target: string,
    { certPem: cert, keyPem: key }: { readonly certPem: string; readonly keyPem: string },
  ): Promise<HttpsFront> {
    const server = createServer({ cert, key }, (asked, answer) => {
      const { method, url, headers } = asked;
      const forwarded = request(new URL(url ?? '/', target), { method, headers }, (received) => {
        answer.writeHead(received.statusCode ?? 502, received.headers);
        received.pipe(answer);
      });
      forwarded.on('error', () => answer.writeHead(502).end());
      asked.pipe(forwarded);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HttpsFront(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
