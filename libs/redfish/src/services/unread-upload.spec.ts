import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureOf, quickClients, until } from '../bmc.spec-support.js';
import { RedfishConnectionError } from '../index.js';

const PIECE = Buffer.alloc(300_000);
const FIRST = Buffer.alloc(1_000);
const TOO_LARGE = JSON.stringify({ error: { code: 'Base.1.8.GeneralError', message: 'Too large.' } });

describe('an upload that the BMC does not read', () => {
  let server: Server;
  let posts: number;

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function upload(
    act: (request: IncomingMessage, response: ServerResponse) => unknown,
    file: AsyncIterable<Uint8Array>,
  ): Promise<unknown> {
    posts = 0;
    server = createServer((request, response) => {
      if (request.method === 'POST') posts += 1;
      act(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pool = quickClients({ timeouts: { firstByte: 300 } });
    const client = pool.client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const failure = await failureOf(client.upload('/upload', { parameters: {}, file }));
    await pool.close();
    return failure;
  }

  async function* pieces(count = 200): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < count; at += 1) yield PIECE;
  }

  it('is read from its source only as the BMC takes it', async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken += PIECE.length;
        yield PIECE;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const failure = await upload((request) => request.pause(), endless());
    expect(failure).toMatchObject({ code: 'timeout', message: expect.stringContaining('did not go on') });
    // What the sockets' buffers hold.
    expect(taken).toBeLessThan(32 * 1024 * 1024);
  });

  it('ends with the answer that came early', async () => {
    const failure = await upload((_request, response) => {
      response.writeHead(413, { 'content-type': 'application/json' });
      response.end(TOO_LARGE);
    }, pieces());
    expect(failure).toMatchObject({ status: 413, message: expect.stringContaining('Too large.') });
  });

  it('ends with the answer that came before the connection was reset', async () => {
    const connection = new EventEmitter();
    const reset = once(connection, 'reset');
    async function* untilReset(): AsyncGenerator<Uint8Array> {
      yield FIRST;
      await reset;
      yield* pieces();
    }
    const failure = await upload(async (request) => {
      let received = 0;
      request.on('data', (chunk: Buffer) => void (received += chunk.length));
      // Nothing more is sent until the connection is reset.
      await until(() => received > FIRST.length);
      const { socket } = request;
      const head = `Content-Type: application/json\r\nContent-Length: ${TOO_LARGE.length}`;
      socket.write(`HTTP/1.1 413 Content Too Large\r\n${head}\r\n\r\n${TOO_LARGE}`, () => {
        socket.resetAndDestroy();
        connection.emit('reset');
      });
    }, untilReset());
    expect(failure).toMatchObject({ status: 413, message: expect.stringContaining('Too large.') });
  });

  it('says that the BMC may refuse the file where it closes the connection without an answer', async () => {
    const failure = await upload(({ socket }) => socket.resetAndDestroy(), pieces());
    expect(failure).toBeInstanceOf(RedfishConnectionError);
    expect(failure).toMatchObject({
      mayBeDone: false,
      message: expect.stringMatching(
        /^The BMC closed the connection during the upload of POST http:.*\/upload \([A-Z_]+\)\. It may refuse the file\.$/,
      ),
    });
    expect(posts).toBe(1);
  });
});
