import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type RedfishPool,
  RedfishConnectionError,
  RedfishNotFoundError,
  RedfishTimeoutError,
} from '../index.js';
import { failureOf, quickClients, useBmc } from '../bmc.spec-support.js';

const BIG = '/redfish/v1/Big';
const SIZE = 1024 * 1024;

describe('a download', () => {
  const lab = useBmc({ timeouts: { connect: 1_000, firstByte: 1_000, total: 5_000 } });

  beforeEach(() => lab.bmc.change(BIG, { Text: 'x'.repeat(SIZE) }));

  it('has the head at once and the body as a stream', async () => {
    const { status, headers, size, body } = await lab.client.download(BIG);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    const whole = await text(body);
    expect(JSON.parse(whole)).toMatchObject({ Text: expect.stringMatching(/^x+$/) });
    expect(whole).toHaveLength(size ?? 0);
  });

  it('is not limited by the most bytes of a body', async () => {
    await lab.reopen({ maxBody: 1_000 });
    const { body } = await lab.client.download(BIG);
    expect((await text(body)).length).toBeGreaterThan(SIZE);
  });

  it('undoes a compression that was not asked for', async () => {
    lab.bmc.misbehave({ gzip: true });
    const { size, body } = await lab.client.download(BIG);
    expect(size).toBeUndefined();
    expect(JSON.parse(await text(body))).toMatchObject({ '@odata.id': BIG });
  });

  it('fails before it begins with what the BMC answers', async () => {
    const error = await failureOf(lab.client.download('/redfish/v1/Nothing'));
    expect(error).toBeInstanceOf(RedfishNotFoundError);
    expect(error).toMatchObject({ answer: { status: 404, body: { error: expect.anything() } } });
  });

  it('logs in again if the session has expired', async () => {
    await lab.client.get('/redfish/v1/Systems');
    lab.bmc.expireSessions();
    await text((await lab.client.download(BIG)).body);
    expect(lab.bmc.logins).toBe(2);
  });

  it('is tried again before it begins', async () => {
    await lab.client.system();
    lab.bmc.misbehave({ notReady: { kind: '503', times: 2 } });
    expect((await lab.client.download(BIG)).status).toBe(200);
  });

  it('fails if the connection breaks in the body, and is not tried again', async () => {
    await lab.client.system();
    lab.bmc.misbehave({ cutBody: { path: 'Big' } });
    lab.bmc.forget();
    const { body } = await lab.client.download(BIG);
    expect(await failureOf(text(body))).toBeInstanceOf(RedfishConnectionError);
    expect(lab.bmc.requests).toHaveLength(1);
  });

  it('fails if the body stops', async () => {
    lab.bmc.misbehave({ stalledBody: { path: 'Big' } });
    const { body } = await lab.client.download(BIG);
    const error = await failureOf(text(body));
    expect(error).toBeInstanceOf(RedfishTimeoutError);
    expect(error).toMatchObject({ phase: 'first-byte', message: expect.stringContaining('stopped') });
  });

  it('may take longer than a call, as long as pieces come', async () => {
    // Each byte takes 5 ms, so that the body takes several times the limit of a call.
    await lab.reopen({ timeouts: { total: 100, firstByte: 2_000 } });
    lab.bmc.change('/redfish/v1/Small', { Name: 'Small' });
    lab.bmc.misbehave({ slowBytes: { path: 'Small', ms: 5 } });
    const { body } = await lab.client.download('/redfish/v1/Small');
    expect(JSON.parse(await text(body))).toMatchObject({ Name: 'Small' });
  });

  it('ends with the reason of its signal', async () => {
    lab.bmc.misbehave({ stalledBody: { path: 'Big' } });
    const aborting = new AbortController();
    const { body } = await lab.client.download(BIG, { signal: aborting.signal });
    aborting.abort(new Error('enough'));
    expect(await failureOf(text(body))).toMatchObject({ message: 'enough' });
  });

  it('ends when the pool is closed', async () => {
    lab.bmc.misbehave({ stalledBody: { path: 'Big' } });
    const { body } = await lab.client.download(BIG);
    await lab.clients.close();
    expect(await failureOf(text(body))).toMatchObject({ code: 'closed' });
    expect(lab.bmc.sessions).toBe(0);
  });

  it('holds its socket until it is read or destroyed', async () => {
    await lab.reopen({ sockets: 1, queueBudget: 100 });
    const { body } = await lab.client.download(BIG);
    expect(await failureOf(lab.client.get('/redfish/v1/Systems'))).toMatchObject({ code: 'busy' });
    body.destroy();
    expect((await lab.client.get('/redfish/v1/Systems')).status).toBe(200);
  });

  it('ends if nobody reads it', async () => {
    await lab.reopen({ timeouts: { total: 600 } });
    const { body } = await lab.client.download(BIG);
    await new Promise((resolve) => body.once('close', resolve));
    expect(await failureOf(text(body))).toMatchObject({ message: expect.stringContaining('Nobody read') });
  });
});

describe('a download from a plain server', () => {
  let server: Server;
  let pool: RedfishPool;
  let sent = 0;
  const chunk = Buffer.alloc(64 * 1024);

  beforeEach(async () => {
    sent = 0;
    server = createServer((request, response) => {
      if (request.url === '/small') {
        // As DMTF's mockup server sends binary files: the body ends with the connection.
        response.shouldKeepAlive = false;
        response.useChunkedEncodingByDefault = false;
        response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
        response.end(chunk);
        return;
      }
      const more = (): void => {
        if (response.destroyed) return;
        sent += chunk.length;
        if (response.write(chunk)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    pool = quickClients();
  });

  afterEach(async () => {
    await pool.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('may end with the connection', async () => {
    const { port } = server.address() as AddressInfo;
    const { size, body } = await pool.client(`http://127.0.0.1:${port}`).download('/small');
    expect(size).toBeUndefined();
    expect(await text(body)).toHaveLength(chunk.length);
  });

  it('is fetched only as it is read', async () => {
    const { port } = server.address() as AddressInfo;
    const { body } = await pool.client(`http://127.0.0.1:${port}`).download('/dump');
    let read = 0;
    for await (const piece of body) {
      read += (piece as Buffer).length;
      if (read > 4 * 1024 * 1024) break;
    }
    // What the sockets' buffers hold, which does not grow with the body.
    expect(sent - read).toBeLessThan(32 * 1024 * 1024);
    expect(body.destroyed).toBe(true);
    await new Promise<void>((resolve) => {
      const check = (): void =>
        void server.getConnections((_error, count) => (count === 0 ? resolve() : setImmediate(check)));
      check();
    });
  });
});
