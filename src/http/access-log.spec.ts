import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import express from 'express';
import { accessLine } from './access-log.js';
import { observation } from './middleware/observation.js';

describe('the access log', () => {
  let server: Server;
  const lines: string[] = [];
  beforeAll(async () => {
    const app = express();
    app.set('trust proxy', '127.0.0.1/32');
    app.use((request, _response, next) => {
      request.requestId = 'req-1';
      request.caller = {
        id: 'token:ops',
        name: 'ops',
        projectId: null,
        roles: [],
        hasSystemScope: true,
        knownBy: 'token',
      };
      next();
    });
    app.use(
      observation([
        (request, response, milliseconds) => void lines.push(accessLine(request, response, milliseconds)),
      ]),
    );
    app.get('/v1/nodes/:ident', (_request, response) => void response.status(404).send('gone'));
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it('has a line for each request, without its query and headers', async () => {
    const { port } = server.address() as AddressInfo;
    const headers = { authorization: 'Bearer hunter2' };
    lines.length = 0;
    await (await fetch(`http://127.0.0.1:${port}/v1/nodes/a?password=hunter2`, { headers })).text();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{[^\n]*\}\n$/);
    expect(lines[0]).not.toContain('hunter2');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      method: 'GET',
      route: '/v1/nodes/:ident',
      path: '/v1/nodes/a',
      status: 404,
      duration_ms: expect.any(Number),
      bytes: 4,
      caller: 'ops',
      caller_id: 'token:ops',
      request_id: 'req-1',
      remote_address: '127.0.0.1',
    });
  });

  it('has the address of the client behind a trusted proxy', async () => {
    const { port } = server.address() as AddressInfo;
    lines.length = 0;
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    await (await fetch(`http://127.0.0.1:${port}/v1/nodes/a`, { headers })).text();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ remote_address: '192.0.2.7' });
  });
});
