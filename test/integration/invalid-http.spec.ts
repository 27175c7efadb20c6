import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { startApp, type TestApp } from '../support/app.js';

const HOST = 'Host: localhost\r\n';
const POST = `POST /v1/nodes HTTP/1.1\r\n${HOST}`;
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

describe('a request that Node refuses to parse', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  /** Everything that is answered until the service closes the connection. */
  async function exchange(request: string): Promise<string> {
    const socket = connect(Number(new URL(app.http.base).port), '127.0.0.1');
    socket.write(request, 'latin1');
    return text(socket);
  }

  it.each([
    ['no Host header', 'GET /v1 HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'has no Host header'],
    [
      'two lengths',
      `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'not valid HTTP',
    ],
    ['a chunk without a length', `${CHUNKED}zz\r\n{}\r\n0\r\n\r\n`, 400, 'not valid HTTP'],
    ['an unknown verb', `FOO / HTTP/1.1\r\n${HOST}\r\n`, 400, 'not valid HTTP'],
    ['bytes that are no HTTP', '\x16\x03\x01\x02', 400, 'not valid HTTP'],
    ['long headers', `GET /v1 HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(70_000)}\r\n\r\n`, 431, 'longer than'],
    ['a long extension of a chunk', `${CHUNKED}2;${'a'.repeat(20_000)}\r\n{}\r\n`, 413, 'too long'],
    ['an unknown expectation', `${POST}Expect: more\r\nContent-Length: 2\r\n\r\n{}`, 417, '100-continue'],
    [
      'a target at another host',
      `GET http://a.example/v1 HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
      403,
      'a.example',
    ],
    ['CONNECT', `CONNECT a.example:80 HTTP/1.1\r\n${HOST}\r\n`, 405, 'no proxy'],
  ])(
    'is answered with the envelope, and its connection is closed: %s',
    async (_, request, status, message) => {
      const answer = await exchange(request);
      const [head = '', body = '', ...rest] = answer.split('\r\n\r\n');
      expect(rest).toEqual([]);
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(head).toMatch(/^Content-Type: application\/json$/im);
      expect(head).toMatch(/^Connection: close$/im);
      const { error_message: fault } = JSON.parse(body) as { error_message: string };
      expect(JSON.parse(fault)).toMatchObject({
        faultcode: 'Client',
        faultstring: expect.stringContaining(message),
      });
    },
  );

  it.each([
    ['is too long', gzipSync(Buffer.alloc(10_000_000, ' ')), 413, 'is longer than FERRULE_MAX_BODY'],
    [
      'is cut off',
      gzipSync('{"driver":"fake-hardware"}').subarray(0, 20),
      400,
      'The compressed body of the request is broken.',
    ],
  ])('is answered in plain words if its compressed body %s', async (_, raw, status, message) => {
    const headers = { 'Content-Encoding': 'gzip' };
    const answer = (await app.http.post('/v1/nodes', undefined, { raw, headers })).expect(status);
    expect(answer.fault.faultstring).toContain(message);
  });
});
