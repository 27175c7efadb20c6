import { Agent } from 'node:http';
import { startBlackHole } from './black-hole.js';
import { type BmcServer, startBmc } from './bmc-server.js';
import { call, type Reply } from '../spec-client.js';

const SYSTEMS = '/redfish/v1/Systems';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const BODY = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish' };

let bmc: BmcServer;
beforeEach(async () => {
  bmc = await startBmc();
});
afterEach(() => bmc.close());

const read = (): Promise<Reply> => call(bmc, 'GET', SYSTEMS);
const subscribe = (): Promise<Reply> => call(bmc, 'POST', SUBSCRIPTIONS, { body: BODY });

describe('the wire', () => {
  it('resets before or after the effect, once', async () => {
    bmc.misbehave({ resetOnce: 'before-effect' });
    await expect(subscribe()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bmc.subscriptions).toHaveLength(0);
    bmc.misbehave({ resetOnce: 'after-effect' });
    await expect(subscribe()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bmc.subscriptions).toHaveLength(1);
    expect((await subscribe()).status).toBe(201);
    expect(bmc.requests.map(({ outcome }) => outcome)).toEqual(['reset', 'reset', 'answered']);
  });

  it('resets a TLS connection, too', async () => {
    const secure = await startBmc({ tls: true, misbehave: { resetOnce: 'before-effect' } });
    await expect(call(secure, 'GET', SYSTEMS)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await call(secure, 'GET', SYSTEMS)).status).toBe(200);
    await secure.close();
  });

  it('cuts the body', async () => {
    bmc.misbehave({ cutBody: 1 });
    await expect(read()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bmc.requests).toMatchObject([{ outcome: 'cut', status: 200 }]);
  });

  it('breaks the chunk of a 401', async () => {
    bmc.misbehave({ brokenChunkOn401: true });
    await expect(call(bmc, 'GET', SYSTEMS, { as: 'none' })).rejects.toMatchObject({
      code: expect.stringMatching(/^HPE_/),
    });
  });

  it('never answers; the request is known all the same', async () => {
    bmc.misbehave({ neverAnswers: true });
    const given = new AbortController();
    const pending = call(bmc, 'GET', SYSTEMS, { signal: given.signal });
    const outcome = expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    await bmc.waitFor(({ requests, inFlight }) => requests.length === 1 && inFlight.current === 1);
    given.abort();
    await outcome;
    await bmc.waitFor(({ requests }) => requests[0]?.outcome === 'unanswered');
  });

  it.each(['latency', 'firstByteDelay', 'slowBytes'] as const)(
    '%s is at work while the client waits',
    async (key) => {
      bmc.misbehave({ [key]: key === 'slowBytes' ? 1 : 30 });
      const began = performance.now();
      const reply = await subscribe();
      expect(reply.status).toBe(201);
      // A lower bound only: timers may be late, never early by more than their resolution.
      expect(performance.now() - began).toBeGreaterThan(25);
    },
  );

  it('latency is before the effect: a client that leaves has changed nothing', async () => {
    bmc.misbehave({ latency: { ms: 60_000, path: 'Subscriptions' } });
    const given = new AbortController();
    const pending = call(bmc, 'POST', SUBSCRIPTIONS, { body: BODY, signal: given.signal });
    const outcome = expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    await bmc.waitFor(({ requests }) => requests.length === 1);
    given.abort();
    await outcome;
    await bmc.waitFor(({ requests }) => requests[0]?.outcome === 'gone');
    expect(bmc.subscriptions).toEqual([]);
  });

  it('keeps connections alive, unless told to close them', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): number => warnings.push(name);
    process.on('warning', onWarning);
    for (let calls = 0; calls < 20; calls += 1) {
      await call(bmc, 'GET', SYSTEMS, { agent });
    }
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(bmc.connections).toMatchObject({ total: 1, max: 1 });
    bmc.misbehave({ connectionClose: true });
    expect((await call(bmc, 'GET', SYSTEMS, { agent })).headers['connection']).toBe('close');
    await bmc.waitFor(({ connections }) => connections.current === 0);
    agent.destroy();
  });

  it('halfClosedKeepAlive resets a reused connection, unread', async () => {
    bmc.misbehave({ halfClosedKeepAlive: 'reset-on-reuse' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await call(bmc, 'GET', SYSTEMS, { agent })).status).toBe(200);
    const reused = call(bmc, 'POST', SUBSCRIPTIONS, { body: BODY, agent });
    await expect(reused).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bmc.subscriptions).toEqual([]);
    agent.destroy();
  });

  it('halfClosedKeepAlive fin ends the connection without a word', async () => {
    bmc.misbehave({ halfClosedKeepAlive: 'fin' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await call(bmc, 'GET', SYSTEMS, { agent })).headers['connection']).toBe('keep-alive');
    await bmc.waitFor(({ connections }) => connections.current === 0);
    agent.destroy();
  });

  it('records what came, and tells those who listen', async () => {
    const seen: string[] = [];
    const stop = bmc.onRequest(({ method, path }) => seen.push(`${method} ${path}`));
    await subscribe();
    stop();
    await read();
    expect(seen).toEqual([`POST ${SUBSCRIPTIONS}`]);
    expect(bmc.requests[0]).toMatchObject({
      body: BODY,
      authentication: 'basic',
      status: 201,
      outcome: 'answered',
    });
    await expect(bmc.waitFor(() => false, 1)).rejects.toThrow(/Last requests: POST .* 201, GET .* 200/);
    bmc.forget();
    expect(bmc.requests).toEqual([]);
  });

  it('a black hole takes connections and says nothing', async () => {
    const hole = await startBlackHole();
    const given = new AbortController();
    const connected = hole.connected();
    const pending = fetch(`http://127.0.0.1:${hole.port}/redfish/v1/`, { signal: given.signal });
    const outcome = expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    await connected;
    expect(hole.connections).toBe(1);
    given.abort();
    await outcome;
    await hole.close();
  });
});
