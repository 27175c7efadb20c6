import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { WatchedFiles } from '../../files/watched-file.js';
import { answerParserErrors } from '../replies/parser-errors.js';
import { tlsCredentials } from './tls-credentials.js';
import { createTlsServer } from './tls-server.js';

describe('a server with TLS', () => {
  const own = selfSignedCertificate();
  let server: Server;
  let port = 0;
  /** @param handshakeTimeout milliseconds */
  async function start(handshakeTimeout: number): Promise<void> {
    const files = new WatchedFiles({
      paths: [],
      parse: () => tlsCredentials({ certificate: own.certPem, key: own.keyPem, clientCa: undefined }),
      interval: 0,
    });
    server = createTlsServer(files, { handshakeTimeout }, (_request, response) => response.end('here'));
    answerParserErrors(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  async function protocolOf(options: ConnectionOptions): Promise<string | null> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    try {
      await once(socket, 'secureConnect');
      return socket.getProtocol();
    } finally {
      socket.destroy();
    }
  }

  it('speaks TLS 1.2 and 1.3 and nothing older', async () => {
    await start(60_000);
    expect(await protocolOf({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    expect(await protocolOf({})).toBe('TLSv1.3');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(protocolOf(old)).rejects.toThrow(/alert|version|reset/i);
  });

  it.each([
    ['sends nothing', ''],
    ['sends the beginning of a handshake only', '\x16\x03\x01\x02'],
  ])('closes the connection of a client that %s', async (_what, sent) => {
    await start(50);
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume().write(sent, 'latin1');
    await once(socket, 'close');
  });

  it('tells a client that speaks http to use https', async () => {
    await start(60_000);
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /v1/nodes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining(['HTTP/1.1 400 Bad Request', `Content-Length: ${body.length}`]),
    );
    const { error_message: fault } = JSON.parse(body) as { error_message: string };
    expect(JSON.parse(fault)).toMatchObject({ faultstring: expect.stringContaining('https only') });
  });
});
