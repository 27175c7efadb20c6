import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { cutUnreadAnswers, holdAnswer } from './unread-answers.js';

const LIMIT = 200;
/** More than the system buffers for a connection. */
const LARGE = Buffer.alloc(64 * 1_048_576);

describe('an answer that the client does not take', () => {
  let server: Server;
  let client: Socket;
  let served: Socket;
  const ask = async (listener: RequestListener, limit = LIMIT): Promise<void> => {
    server = createServer(listener);
    cutUnreadAnswers(server, limit);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connected = once(server, 'connection') as Promise<[Socket]>;
    client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    [served] = await connected;
    client.write('GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n');
  };
  const received = async (pause: (size: number) => Promise<unknown>): Promise<number> => {
    let size = 0;
    for await (const chunk of client) {
      size += (chunk as Buffer).length;
      await pause(size);
    }
    return size;
  };
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('ends its connection', async () => {
    await ask((_request, response) => response.end(LARGE));
    await once(served, 'close');
    expect(served.destroyed).toBe(true);
  });

  it('ends the connection of the oldest when all together are too large', async () => {
    const answered: Socket[] = [];
    await ask((request, response) => {
      answered.push(request.socket);
      holdAnswer(response, LARGE.length);
      response.end(LARGE);
    }, 600_000);
    if (answered.length === 0) await once(server, 'request');
    const { port } = server.address() as AddressInfo;
    const others: Socket[] = [];
    for (let turn = 0; turn < 4; turn++) {
      const other = connect(port, '127.0.0.1').on('error', () => undefined);
      other.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
      others.push(other);
      await once(server, 'request');
    }
    if (answered[0]?.closed === false) await once(answered[0], 'close');
    expect(answered.map(({ destroyed }) => destroyed)).toEqual([true, false, false, false, false]);
    for (const other of others) other.destroy();
  });

  it('ends its connection while more of it is to follow', async () => {
    await ask((_request, response) => response.write(LARGE));
    await once(served, 'close');
    expect(served.destroyed).toBe(true);
  });

  it('is not one that comes long after the request', async () => {
    await ask((_request, response) => {
      setTimeout(() => response.end('done'), 4 * LIMIT);
    });
    expect(await received(() => Promise.resolve())).toBeGreaterThan(0);
  });

  it('is not one that is taken slowly but steadily', async () => {
    // Longer than a busy machine may need between two pauses, and shorter than all pauses together.
    const limit = 3_000;
    await ask((_request, response) => response.end(LARGE), limit);
    let pauses = 0;
    const size = await received(async (taken) => {
      if (taken / 8_388_608 < pauses + 1) return;
      pauses++;
      await delay(limit / 5);
    });
    expect(pauses).toBeGreaterThan(5);
    expect(size).toBeGreaterThan(LARGE.length);
  });
});
