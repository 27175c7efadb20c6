import { connect } from 'node:net';
import { fault, firstOf, startThings, textOf, type Things } from './things.js';

const POST = 'POST /v1/nodes/echo HTTP/1.1\r\nHost: localhost\r\n';

describe('Bodies', () => {
  let things: Things;
  let http: Things['http'];
  beforeAll(async () => {
    things = await startThings();
    ({ http } = things);
  });
  afterAll(() => things.close());

  it.each([
    'application/json',
    'text/plain',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'odd',
  ])('are JSON whatever the type says: %s', async (type) => {
    await http
      .post('/v1/nodes/echo')
      .set('Content-Type', type)
      .send('{"a": [1]}')
      .expect(200, { a: [1] });
  });

  it('are read with GET, too, and without a Content-Type', async () => {
    const head = 'GET /v1/nodes/x/arguments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8';
    expect(await things.exchange(head, '{"a": 1}')).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"a":1\}$/);
  });

  it.each([
    ['', {}],
    ['null', {}],
    ['{"a": null}', { a: null }],
  ])('%j give the members %j', async (text, members) => {
    const request = http.patch('/v1/nodes/x/arguments');
    await (text === '' ? request : request.type('json').send(text)).expect(200, members);
  });

  it.each([
    '[]',
    '"x"',
    '5',
    'true',
    'false',
    '""',
    '0',
    '{bad',
    ' ',
    '{"a": 1e999}',
    `${'['.repeat(26)}${']'.repeat(26)}`,
  ])('%j are 400 where members are wanted', async (text) => {
    fault(await http.patch('/v1/nodes/x/arguments').type('json').send(text).expect(400));
  });

  it('may be 25 deep', async () => {
    const deep = `${'['.repeat(25)}${']'.repeat(25)}`;
    await http.post('/v1/nodes/echo').type('json').send(deep).expect(200);
  });

  it('that are announced as too long are 413 before they arrive, and the connection stays usable', async () => {
    const socket = connect(things.port, '127.0.0.1');
    socket.write(`${POST}Content-Length: 1001\r\n\r\n`);
    expect(await firstOf(socket)).toMatch(/^HTTP\/1.1 413 [^]*longer than FERRULE_MAX_BODY \(1000 bytes\)/);
    socket.end(`${'x'.repeat(1001)}${POST}Connection: close\r\nContent-Length: 2\r\n\r\n[]`);
    expect(await textOf(socket)).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\n\[\]$/);
  });

  it('that turn out to be too long are 413 before they end', async () => {
    const socket = connect(things.port, '127.0.0.1');
    socket.write(`${POST}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n`);
    expect(await firstOf(socket)).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it('that arrive slowly are 503 when all together need too much memory, the oldest first', async () => {
    const slow = [1, 2, 3].map(() => {
      const socket = connect(things.port, '127.0.0.1');
      socket.write(`${POST}Content-Length: 800\r\n\r\n"${'x'.repeat(600)}`);
      return { socket, answer: firstOf(socket) };
    });
    const refused = await Promise.race(slow.map(async (each) => ({ each, text: await each.answer })));
    expect(refused.text).toMatch(/^HTTP\/1.1 503 [^]*Please retry/);
    expect(refused.text).toMatch(/^connection: close\r$/im);
    for (const each of slow.filter((other) => other !== refused.each)) {
      each.socket.write(`${'x'.repeat(198)}"`);
      expect(await each.answer).toMatch(/^HTTP\/1.1 200 /);
      each.socket.destroy();
    }
  });

  it('that do not arrive are 408, and the connection is closed', async () => {
    const socket = connect(things.port, '127.0.0.1');
    socket.write('POST /v1/nodes/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n{"a"');
    const answer = await textOf(socket);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('{"error_message":');
    expect(answer).toMatch(/^connection: close\r$/im);
  });

  it('that arrive byte by byte are 408 after the same time', async () => {
    const socket = connect(things.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`${POST}Content-Length: 900\r\n\r\n"`);
    const dripping = setInterval(() => socket.write('x'), 20);
    try {
      const answer = await textOf(socket);
      expect(answer).toMatch(/^HTTP\/1.1 408 [^]*did not arrive within/);
      expect(answer).toMatch(/^connection: close\r$/im);
    } finally {
      clearInterval(dripping);
    }
  });

  it.each([
    [String.raw`{"a": "\u0000"}`, 'NUL character at a.'],
    [String.raw`{"a": {"\u0000": 1}}`, 'NUL character in the name of a member at a.'],
    [String.raw`{"a": ["\ud83d"]}`, 'lone surrogate at a.0.'],
    [String.raw`{"\udc0d\ud83d": 1}`, 'lone surrogate in the name of a member.'],
  ])('%s are 400, because they cannot be stored', async (text, words) => {
    const response = await http.patch('/v1/nodes/x/arguments').type('json').send(text).expect(400);
    expect(fault(response).faultstring).toContain(words);
  });

  it('are not quoted in the message about an error in them', async () => {
    const response = await http
      .patch('/v1/nodes/x/arguments')
      .type('json')
      .send('{"password": "hunter2" oops}');
    expect(response.status).toBe(400);
    expect(response.text).not.toContain('hunter2');
  });

  it('that are not UTF-8 are 400, those that are too long 413', async () => {
    const post = (body: Uint8Array): Promise<Response> =>
      fetch(`http://127.0.0.1:${things.port}/v1/nodes/echo`, { method: 'POST', body });
    expect((await post(Uint8Array.of(0x22, 0xff, 0x22))).status).toBe(400);
    const long = await post(new Uint8Array(1001).fill(0x20));
    expect(long.status).toBe(413);
    expect(await long.json()).toHaveProperty('error_message');
  });
});
