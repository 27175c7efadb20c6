import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { z } from 'zod';
import { ApiClient } from './api-client.js';
import { type ClientSettings } from './client-settings.js';

describe('the client of the API', () => {
  let listener: RequestListener;
  let server: Server;
  let base: URL;
  const seen: IncomingMessage[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request);
      listener(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/baremetal`);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => seen.splice(0));

  const client = (settings: Partial<ClientSettings> = {}) =>
    new ApiClient({ base, credentials: {}, ca: undefined, timeoutMs: 10_000, ...settings });

  function answers(status: number, body: unknown, headers: Record<string, string> = {}): void {
    listener = (request, response) => {
      request.resume();
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    };
  }

  it('sends what it is asked to, with the credentials', async () => {
    answers(200, { answer: 42 });
    const ask = { query: { a: 'x y', b: undefined, c: 1 }, json: {}, headers: { Prefer: 'wait=1' } };
    const document = await client({ credentials: { 'X-Auth-Token': 't' } }).json(
      z.object({ answer: z.number() }),
      'POST',
      '/v1/things',
      ask,
    );
    expect(document).toEqual({ answer: 42 });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/baremetal/v1/things?a=x+y&c=1',
      headers: { 'x-auth-token': 't', prefer: 'wait=1', 'content-type': 'application/json' },
    });
  });

  it('follows the links of a list, whatever host they name', async () => {
    listener = (request, response) => {
      const isFirst = !request.url?.includes('marker');
      const next = isFirst ? { next: 'https://elsewhere.example/v1/things?marker=b&limit=2' } : {};
      response.end(JSON.stringify({ things: isFirst ? ['a', 'b'] : ['c'], ...next }));
    };
    const found: string[] = [];
    for await (const each of client().list(z.string(), 'things', '/v1/things', { query: { limit: 2 } })) {
      found.push(each);
    }
    expect(found).toEqual(['a', 'b', 'c']);
    expect(seen[1]?.url).toBe('/baremetal/v1/things?marker=b&limit=2');
  });

  it.each([
    [
      'a problem document',
      409,
      { detail: 'locked', code: 'NodeLocked', job: 'j' },
      /^POST \/v1\/x: 409: locked$/,
    ],
    ["Ironic's envelope", 409, { error_message: JSON.stringify({ faultstring: 'no' }) }, /409: no$/],
    ['an envelope that is an object', 400, { error_message: { faultstring: 'no' } }, /400: no$/],
    ["a proxy's page", 502, '<html>Bad</html>', /502: Bad Gateway$/],
    ['a text', 503, 'no server is available', /503: no server is available$/],
    ['nothing', 500, '', /500: Internal Server Error$/],
    ['missing credentials', 401, { error: { message: 'who?' } }, /401: who\?\nSet FERRULE_TOKEN or OS_TOKEN/],
  ])('tells what %s says', async (_what, status, body, message) => {
    answers(status, body);
    await expect(client().send('POST', '/v1/x')).rejects.toMatchObject({
      name: 'AnsweredError',
      status,
      message: expect.stringMatching(message),
    });
  });

  it('has the code and the members of a problem document', async () => {
    answers(409, { detail: 'locked', code: 'NodeLocked', job: 'j' }, { 'Retry-After': '7' });
    await expect(client().open('POST', '/v1/x')).rejects.toMatchObject({
      code: 'NodeLocked',
      details: { job: 'j' },
      headers: { 'retry-after': '7' },
    });
  });

  it('does not follow redirections', async () => {
    answers(302, '', { Location: 'https://login.example/' });
    await expect(client().send('GET', '/v1/x')).rejects.toThrow(
      /302: it refers to https:\/\/login.example\//,
    );
  });

  it.each([
    ['not JSON', 'hello', /its answer is not JSON\. Is it a Ferrule/],
    ['something else', { answer: 'x' }, /answer is not what it should be\. Is it a Ferrule/],
  ])('tells that an answer is %s', async (_what, body, message) => {
    answers(200, body);
    const asked = client().json(z.object({ answer: z.number() }), 'GET', '/v1/x');
    await expect(asked).rejects.toThrow(message);
  });

  it.each<[string, RequestListener]>([
    ['no answer', () => undefined],
    ['half of one', (_request, response) => response.write('{')],
  ])('does not wait forever for %s', async (_what, work) => {
    listener = work;
    await expect(client({ timeoutMs: 100 }).send('GET', '/v1/x')).rejects.toThrow(
      /no whole answer within 0.1 s; see --timeout/,
    );
  });

  it('waits longer when it asks the service to wait', async () => {
    listener = (_request, response) => setTimeout(() => response.end('{}'), 200);
    const answer = await client({ timeoutMs: 100 }).send('GET', '/v1/x', { waitSeconds: 60 });
    expect(answer.status).toBe(200);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const reason = new Error('Ctrl-C');
    listener = () => stop.abort(reason);
    await expect(client().send('GET', '/v1/x', { signal: stop.signal })).rejects.toBe(reason);
  });

  it('tells that a connection was cut', async () => {
    const asking = client();
    listener = (request) => request.socket.destroy();
    const closed = /closed before the answer was whole/;
    await expect(asking.send('GET', '/v1/x')).rejects.toThrow(
      new RegExp(`${closed.source} \\(ECONNRESET\\); perhaps it speaks https\\.$`),
    );
    answers(200, {});
    await asking.send('GET', '/v1/x');
    listener = (request) => request.socket.destroy();
    await expect(asking.send('GET', '/v1/x')).rejects.toThrow(
      new RegExp(`${closed.source} \\(ECONNRESET\\)\\.$`),
    );
  });

  it.each(['http', 'https'])('tells that something else than %s listens', async (scheme) => {
    const other = createTcpServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = new URL(`${scheme}://127.0.0.1:${(other.address() as AddressInfo).port}`);
    await expect(client({ base: url }).send('GET', '/v1/x')).rejects.toThrow(
      new RegExp(`${url.href}: (what listens there does not speak|the connection was closed)`),
    );
    other.close();
  });

  it('tells that nothing listens', async () => {
    const other = createTcpServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = new URL(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    other.close();
    await once(other, 'close');
    await expect(client({ base: url }).send('GET', '/v1/x')).rejects.toThrow(
      /nothing listens there. Is the service running\? Set --url or FERRULE_URL/,
    );
  });

  it('tells that a name is unknown', async () => {
    const asked = client({ base: new URL('http://nowhere.invalid/') }).send('GET', '/v1/x');
    await expect(asked).rejects.toThrow(/the name nowhere.invalid has no address/);
  });
});
