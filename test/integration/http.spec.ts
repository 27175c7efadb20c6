import { once } from 'node:events';
import { type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Conflict } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Module, Patch, Post, Put, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type INestApplication } from '@nestjs/common';
import { type Request } from 'express';
import supertest from 'supertest';
import { AcceptedHosts } from '../../src/http/middleware/hosts.js';
import { ApiAdapter } from '../../src/http/api.adapter.js';
import { jsonBody, jsonObject } from '../../src/http/bodies/json-body.js';
import { HttpModule, useHttp } from '../../src/http/http.module.js';

class Busy extends Conflict {
  override get problemStatus(): number {
    return 423;
  }
  override get headers(): Record<string, string> {
    return { 'Retry-After': '7' };
  }
  override get details(): Record<string, unknown> {
    return { holder: 'somebody' };
  }
}

@Controller('/v1/nodes')
class ThingsController {
  @Get() list(): unknown {
    return { things: [] };
  }
  @Get('null') nothing(): unknown {
    return null;
  }
  @Get('text') text(): unknown {
    return 'žluťoučký';
  }
  @Get('busy') busy(): unknown {
    throw new Busy('The thing is busy.');
  }
  @Get('broken') broken(): unknown {
    throw new TypeError('password=hunter2');
  }
  @Get(':name') named(@Req() request: Request): unknown {
    return { name: request.params['name'], suffix: request.jsonSuffix };
  }
  @Put(':name/lamp') @HttpCode(202) lamp(): void {}
  @Delete(':name/lamp') @HttpCode(204) dark(): void {}
  @Post('echo') @HttpCode(200) echo(@Req() request: Request): unknown {
    return jsonBody(request) ?? 'none';
  }
  @Get('x/arguments') @HttpCode(200) get(@Req() request: Request): unknown {
    return jsonObject(request);
  }
  @Patch('x/arguments') patch(@Req() request: Request): unknown {
    return jsonObject(request);
  }
}

@Module({ imports: [HttpModule.register({ publicEndpoint: undefined })], controllers: [ThingsController] })
class TestModule {}

describe('http', () => {
  let app: INestApplication<Server>;
  let port: number;
  let http: ReturnType<typeof supertest>;

  beforeAll(async () => {
    app = await NestFactory.create<INestApplication<Server>>(TestModule, new ApiAdapter(), {
      bodyParser: false,
      logger: false,
    });
    useHttp(app, {
      hosts: new AcceptedHosts({ bound: '127.0.0.1', publicEndpoint: undefined, allowed: [] }),
      limit: 1000,
      timeout: 1000,
      total: 1500,
    });
    await app.listen(0, '127.0.0.1');
    const address = app.getHttpServer().address();
    port = typeof address === 'object' && address ? address.port : 0;
    http = supertest(app.getHttpServer());
  });
  afterAll(() => app.close());

  /** Byte by byte, on a connection of its own. */
  const exchange = (head: string, body = ''): Promise<string> => {
    const socket = connect(port, '127.0.0.1');
    socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
    return textOf(socket);
  };

  const fault = (response: supertest.Response): { faultcode: string; faultstring: string } => {
    expect(response.headers['content-type']).toMatch(/^application\/json$/);
    const body = response.body as { error_message: string };
    expect(Object.keys(body)).toEqual(['error_message']);
    return JSON.parse(body.error_message) as { faultcode: string; faultstring: string };
  };

  describe('versions', () => {
    it('are in every answer, errors too', async () => {
      for (const path of ['/v1/nodes', '/v1/nodes/busy', '/v1/nosuch', '/', '/v1']) {
        const { headers } = await http.get(path).set('X-OpenStack-Ironic-API-Version', '1.31');
        expect(headers).toMatchObject({
          'x-openstack-ironic-api-minimum-version': '1.1',
          'x-openstack-ironic-api-maximum-version': '1.109',
          'x-openstack-ironic-api-version': '1.31',
        });
      }
    });

    it('are in the refusals of hosts and pages of others', async () => {
      const refused = [
        http.get('/v1/nodes').set('Host', 'evil.example'),
        http.get('/v1/nodes').set('Origin', 'http://evil.example'),
      ];
      for (const request of refused) {
        const { status, headers } = await request;
        expect(status).toBe(403);
        expect(headers).toMatchObject({
          'x-openstack-ironic-api-minimum-version': '1.1',
          'x-openstack-ironic-api-maximum-version': '1.109',
          'x-openstack-ironic-api-version': '1.1',
        });
      }
    });

    it('are refused before anything else', async () => {
      const response = await http
        .put('/v1/nosuch')
        .set('X-OpenStack-Ironic-API-Version', '1.999')
        .send('{bad');
      expect(response.status).toBe(406);
      expect(response.headers).toMatchObject({ 'x-openstack-ironic-api-maximum-version': '1.109' });
      expect(response.headers).not.toHaveProperty('x-openstack-ironic-api-version');
      expect(fault(response).faultstring).toContain('1.999');
    });

    it('that are invalid get an answer without version headers', async () => {
      const response = await http.get('/').set('OpenStack-API-Version', 'baremetal abc');
      expect(response.status).toBe(406);
      expect(Object.keys(response.headers).filter((name) => name.includes('api'))).toEqual([]);
    });
  });

  it('sends the request id under both names', async () => {
    for (const path of ['/v1/nodes', '/nosuch']) {
      const { headers } = await http.get(path);
      expect(headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
      expect(headers['openstack-request-id']).toBe(headers['x-openstack-request-id']);
    }
  });

  it('describes itself at / and /v1, for HEAD too', async () => {
    const root = await http.get('/').expect(200);
    const self = root.body.default_version.links[0].href;
    expect(root.body.versions).toEqual([root.body.default_version]);
    expect(self).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\/$/);
    const v1 = await http.get('/v1/').expect(200);
    expect(v1.body).toEqual(
      Object.fromEntries(
        ['chassis', 'drivers', 'id', 'links', 'media_types', 'nodes', 'ports', 'version'].map((key) => [
          key,
          expect.anything(),
        ]),
      ),
    );
    await http.head('/').expect(200);
    await http.head('/v1').expect(200);
    await http.post('/').expect(405).expect('Allow', 'GET');
  });

  describe('paths', () => {
    it.each(['/v1/nodes', '/v1/nodes/', '/v1//nodes', '/nodes', '/nodes/?'])(
      '%s is the collection',
      async (path) => {
        await http.get(path).expect(200, { things: [] });
      },
    );

    it('lose .json below 1.91 with the legacy header', async () => {
      const get = (version?: string): supertest.Test =>
        version === undefined
          ? http.get('/v1/nodes/x.json')
          : http.get('/v1/nodes/x.json').set('X-OpenStack-Ironic-API-Version', version);
      await get('1.90').expect(200, { name: 'x', suffix: true });
      await get('1.91').expect(200, { name: 'x.json', suffix: false });
      await get().expect(200, { name: 'x.json', suffix: false });
    });

    it('that cannot be decoded are 400', async () => {
      fault(await http.get('/v1/nodes/%ff').expect(400));
    });

    it('that do not exist are 404; paths are case-sensitive', async () => {
      for (const path of ['/v1/nosuch', '/v2/nodes', '/nosuch', '/v1/Nodes', '/v1/nodes/x/lamp/more']) {
        expect(fault(await http.get(path).expect(404)).faultcode).toBe('Client');
      }
    });
  });

  describe('verbs', () => {
    it('that a path does not support are 405 with an Allow header', async () => {
      const response = await http.get('/v1/nodes/x/lamp/').expect(405).expect('Allow', 'DELETE, PUT');
      expect(fault(response).faultstring).toContain('GET');
      await http.post('/v1/nodes').expect(405).expect('Allow', 'GET');
    });

    it('HEAD is for discovery only, OPTIONS is empty', async () => {
      await http.head('/v1/nodes').expect(405).expect('Allow', 'GET');
      await http.head('/v1/nosuch').expect(404);
      const options = await http.options('/v1/nodes').expect(200);
      expect(options.text).toBe('');
    });
  });

  describe('web pages', () => {
    const browser = (headers: Record<string, string>, method: 'get' | 'post' = 'get'): supertest.Test =>
      http[method]('/v1/nodes/echo').set(headers);

    it.each(['evil.example', `evil.example:6385`, '10.0.0.5', ''])(
      'a name that is not ours is 403: Host %j',
      async (host) => {
        const answer = await exchange(`GET /v1/nodes HTTP/1.1\r\nHost: ${host}`);
        expect(answer).toMatch(/^HTTP\/1.1 403 /);
        expect(answer).toContain('error_message');
      },
    );

    it.each(['Host: localhost\r\nHost: localhost', 'Host: localhost\r\nhOST: evil.example'])(
      'two hosts are 400: %j',
      async (headers) => {
        const answer = await exchange(`GET /v1/nodes HTTP/1.1\r\n${headers}`);
        expect(answer).toMatch(/^HTTP\/1.1 400 /);
        expect(answer).toContain('more than one Host');
      },
    );

    it('old clients need no host', async () => {
      expect(await exchange('GET /v1/nodes HTTP/1.0')).toMatch(/^HTTP\/1.1 200 /);
    });

    it.each([
      'http://evil.example',
      'null',
      'http://localhost:3000',
      'https://127.0.0.1',
      'http://127.0.0.1',
    ])('a foreign page is 403: Origin %s', async (origin) => {
      for (const method of ['get', 'post'] as const) {
        fault(await browser({ Origin: origin }, method).expect(403));
      }
      fault(await http.options('/v1/nodes').set('Origin', origin).expect(403));
    });

    it('our own page may call the API', async () => {
      const own = { Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': 'same-origin' };
      await http.post('/v1/nodes/echo').set(own).expect(200);
    });

    it.each(['cross-site', 'same-site', 'odd'])('a foreign page is 403: Sec-Fetch-Site %s', async (site) => {
      fault(await browser({ 'Sec-Fetch-Site': site }).expect(403));
      fault(await browser({ 'Sec-Fetch-Site': site }, 'post').expect(403));
    });

    it.each(['same-origin', 'none'])(
      'the address bar and our own pages may: Sec-Fetch-Site %s',
      async (site) => {
        await http.get('/v1/nodes').set('Sec-Fetch-Site', site).expect(200);
      },
    );

    it('a link on a foreign page may lead only to /', async () => {
      const followed = {
        'Sec-Fetch-Site': 'cross-site',
        'Sec-Fetch-Mode': 'navigate',
        'Sec-Fetch-Dest': 'document',
      };
      await http.get('/').set(followed).expect(200);
      await http.get('/v1/nodes').set(followed).expect(403);
      await http
        .get('/')
        .set({ ...followed, 'Sec-Fetch-Dest': 'iframe' })
        .expect(403);
      await http
        .get('/')
        .set({ ...followed, 'Sec-Fetch-Mode': 'no-cors' })
        .expect(403);
      await http.post('/').set(followed).expect(403);
    });
  });

  describe('answers', () => {
    it('are JSON, null and strings included', async () => {
      const nothing = await http.get('/v1/nodes/null').expect(200).expect('Content-Type', 'application/json');
      expect(nothing.text).toBe('null');
      const text = await http.get('/v1/nodes/text').expect(200).expect('Content-Type', 'application/json');
      expect(text.body).toBe('žluťoučký');
      for (const name of ['etag', 'x-powered-by']) expect(text.headers).not.toHaveProperty(name);
    });

    it('without a body have no Content-Type', async () => {
      const accepted = await http.put('/v1/nodes/x/lamp').expect(202).expect('Content-Length', '0');
      expect(accepted.headers).not.toHaveProperty('content-type');
      const deleted = await http.delete('/v1/nodes/x/lamp').expect(204);
      expect(deleted.headers).not.toHaveProperty('content-type');
    });
  });

  describe('bodies', () => {
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
      expect(await exchange(head, '{"a": 1}')).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"a":1\}$/);
    });

    it.each([
      ['', {}],
      ['null', {}],
      ['{"a": null}', { a: null }],
    ])('%j has the members %j', async (text, members) => {
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
    ])('%j is 400 where members are wanted', async (text) => {
      fault(await http.patch('/v1/nodes/x/arguments').type('json').send(text).expect(400));
    });

    it('may be 25 deep', async () => {
      const deep = `${'['.repeat(25)}${']'.repeat(25)}`;
      await http.post('/v1/nodes/echo').type('json').send(deep).expect(200);
    });

    it('that are announced as too long are 413 before they arrive, and the connection stays usable', async () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`${POST}Content-Length: 1001\r\n\r\n`);
      expect(await firstOf(socket)).toMatch(/^HTTP\/1.1 413 [^]*longer than FERRULE_MAX_BODY \(1000 bytes\)/);
      socket.end(`${'x'.repeat(1001)}${POST}Connection: close\r\nContent-Length: 2\r\n\r\n[]`);
      expect(await textOf(socket)).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\n\[\]$/);
    });

    it('that turn out to be too long are 413 before they end', async () => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`${POST}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n`);
      expect(await firstOf(socket)).toMatch(/^HTTP\/1.1 413 /);
      socket.destroy();
    });

    it('that arrive slowly are 503 when all together need too much memory, the oldest first', async () => {
      const slow = [1, 2, 3].map(() => {
        const socket = connect(port, '127.0.0.1');
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
      const socket = connect(port, '127.0.0.1');
      socket.write('POST /v1/nodes/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\n{"a"');
      const answer = await textOf(socket);
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
      expect(answer).toContain('{"error_message":');
      expect(answer).toMatch(/^connection: close\r$/im);
    });

    it.each([
      [String.raw`{"a": "\u0000"}`, 'NUL character at a.'],
      [String.raw`{"a": {"\u0000": 1}}`, 'NUL character in the name of a member at a.'],
      [String.raw`{"a": ["\ud83d"]}`, 'lone surrogate at a.0.'],
      [String.raw`{"\udc0d\ud83d": 1}`, 'lone surrogate in the name of a member.'],
    ])('%s cannot be stored', async (text, words) => {
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
        fetch(`http://127.0.0.1:${port}/v1/nodes/echo`, { method: 'POST', body });
      expect((await post(Uint8Array.of(0x22, 0xff, 0x22))).status).toBe(400);
      const long = await post(new Uint8Array(1001).fill(0x20));
      expect(long.status).toBe(413);
      expect(await long.json()).toHaveProperty('error_message');
    });
  });

  describe('errors', () => {
    it('have no Retry-After, because ironicclient crashes on it', async () => {
      const response = await http.get('/v1/nodes/busy').expect(409);
      expect(response.headers).not.toHaveProperty('retry-after');
      expect(fault(response)).toEqual({
        faultcode: 'Client',
        faultstring: 'The thing is busy.',
        debuginfo: null,
      });
    });

    it('are problem documents on request', async () => {
      const response = await http.get('/v1/nodes/busy').set('Accept', 'application/problem+json').expect(423);
      expect(response.headers['retry-after']).toBe('7');
      expect(response.headers['content-type']).toBe('application/problem+json');
      expect(JSON.parse(response.text)).toEqual({
        type: 'about:blank',
        title: 'Locked',
        status: 423,
        detail: 'The thing is busy.',
        code: 'Conflict',
        request_id: response.headers['x-openstack-request-id'],
        holder: 'somebody',
      });
    });

    it('that are unexpected reveal no internals', async () => {
      const response = await http.get('/v1/nodes/broken').expect(500);
      expect(fault(response).faultcode).toBe('Server');
      expect(response.text).not.toContain('hunter2');
    });
  });
});

const POST = 'POST /v1/nodes/echo HTTP/1.1\r\nHost: localhost\r\n';

async function firstOf(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return String(chunk);
}

async function textOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}
