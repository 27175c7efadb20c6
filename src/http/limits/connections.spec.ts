import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Logger } from '@nestjs/common';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { WatchedFiles } from '../../files/watched-file.js';
import { tlsCredentials } from '../tls/tls-credentials.js';
import { createTlsServer } from '../tls/tls-server.js';
import { type ConnectionLimits, limitConnections } from './connections.js';

const listener: RequestListener = (_request, response) => response.end('here');

function tlsServer(): Server {
  const { certPem: certificate, keyPem: key } = selfSignedCertificate();
  const parse = () => tlsCredentials({ certificate, key, clientCa: undefined });
  return createTlsServer(new WatchedFiles({ paths: [], parse, interval: 0 }), {}, listener);
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe.each([
  ['http', () => createServer(listener), connect],
  ['https', tlsServer, (port: number) => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })],
])('connections by %s', (_protocol, create, open) => {
  const sockets: Socket[] = [];
  let server: Server;
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  /** @param from the address that connections seem to come from; all really come from loopback. */
  async function start(limits: Partial<ConnectionLimits>, from = '192.0.2.7'): Promise<void> {
    server = create();
    limitConnections(server, { total: 100, perAddress: 100, proxies: [], ...limits });
    server.prependListener('connection', (socket: Socket) => {
      Object.defineProperty(socket, 'remoteAddress', { value: from });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }

  function client(): Socket {
    const socket = open((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    sockets.push(socket);
    return socket;
  }

  async function isServed(socket: Socket = client()): Promise<boolean> {
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    return new Promise((resolve) => {
      socket.once('data', () => resolve(true)).once('close', () => resolve(false));
    });
  }

  it('are closed beyond the limit of an address, until one of it ends', async () => {
    await start({ perAddress: 2 });
    const first = client();
    expect([await isServed(first), await isServed(), await isServed()]).toEqual([true, true, false]);
    first.destroy();
    while (!(await isServed())) await new Promise(setImmediate);
    expect(await isServed()).toBe(false);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '::ffff:127.0.0.1'],
    ['a trusted proxy', '10.1.2.3'],
  ])('from %s (%s) have no limit of their own', async (_what, from) => {
    await start({ perAddress: 1, proxies: ['10.0.0.0/8', 'fd00::/8'] }, from);
    expect([await isServed(), await isServed()]).toEqual([true, true]);
  });

  it('are closed beyond the limit of all', async () => {
    await start({ total: 2 }, '127.0.0.1');
    expect([await isServed(), await isServed(), await isServed()]).toEqual([true, true, false]);
  });
});
