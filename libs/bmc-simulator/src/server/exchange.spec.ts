import { Agent } from 'node:http';
import { connect } from 'node:net';
import { startBlackHole } from './black-hole.js';
import { startBmc } from './bmc-server.js';
import { call, SYSTEMS, SUBSCRIPTIONS, BODY, useBmc } from '../client.spec-support.js';

const lab = useBmc();

describe('the wire', () => {
  it('resets before or after the effect, once', async () => {
    lab.bmc.misbehave({ resetOnce: 'before-effect' });
    await expect(lab.subscribe()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lab.bmc.subscriptions).toHaveLength(0);
    lab.bmc.misbehave({ resetOnce: 'after-effect' });
    await expect(lab.subscribe()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lab.bmc.subscriptions).toHaveLength(1);
    expect((await lab.subscribe()).status).toBe(201);
    expect(lab.bmc.requests.map(({ outcome }) => outcome)).toEqual(['reset', 'reset', 'answered']);
  });

  it('resets a TLS connection, too', async () => {
    const secure = await startBmc({ tls: true, misbehave: { resetOnce: 'before-effect' } });
    await expect(call(secure, 'GET', SYSTEMS)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await call(secure, 'GET', SYSTEMS)).status).toBe(200);
    await secure.close();
  });

  it('cuts the body', async () => {
    lab.bmc.misbehave({ cutBody: 1 });
    await expect(lab.read()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lab.bmc.requests).toMatchObject([{ outcome: 'cut', status: 200 }]);
  });

  it('breaks the chunk of a 401', async () => {
    lab.bmc.misbehave({ brokenChunkOn401: true });
    await expect(call(lab.bmc, 'GET', SYSTEMS, { as: 'none' })).rejects.toMatchObject({
      code: expect.stringMatching(/^HPE_/),
    });
  });

  it('never answers, but records the request', async () => {
    lab.bmc.misbehave({ neverAnswers: true });
    const given = new AbortController();
    const pending = call(lab.bmc, 'GET', SYSTEMS, { signal: given.signal });
    const outcome = expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    await lab.bmc.waitFor(({ requests, inFlight }) => requests.length === 1 && inFlight.current === 1);
    given.abort();
    await outcome;
    await lab.bmc.waitFor(({ requests }) => requests[0]?.outcome === 'unanswered');
  });

  it.each(['latency', 'firstByteDelay', 'slowBytes'] as const)(
    '%s keeps a client waiting, while others are answered',
    async (key) => {
      lab.bmc.misbehave({ [key]: { ms: 60_000, path: 'Subscriptions' } });
      const given = new AbortController();
      const pending = call(lab.bmc, 'POST', SUBSCRIPTIONS, { body: BODY, signal: given.signal });
      const outcome = expect(pending).rejects.toMatchObject({ name: 'AbortError' });
      await lab.bmc.waitFor(({ requests }) => requests.length === 1);
      expect((await lab.read()).status).toBe(200);
      expect(lab.bmc.requests.map(({ outcome: end }) => end)).toEqual(['pending', 'answered']);
      given.abort();
      await outcome;
    },
  );

  it('answers a request that arrives before the answer to an earlier one on the connection has ended', async () => {
    lab.bmc.misbehave({ slowBytes: { ms: 1, path: 'Systems' } });
    const socket = connect(Number(new URL(lab.bmc.url).port), '127.0.0.1').setEncoding('utf8');
    const last = 'Connection: close\r\n';
    socket.write(`GET ${SYSTEMS} HTTP/1.1\r\nHost: x\r\n\r\nGET /redfish HTTP/1.1\r\nHost: x\r\n${last}\r\n`);
    let answers = '';
    for await (const text of socket) answers += String(text);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
  });

  it('latency is before the effect: a client that leaves has changed nothing', async () => {
    lab.bmc.misbehave({ latency: { ms: 60_000, path: 'Subscriptions' } });
    const given = new AbortController();
    const pending = call(lab.bmc, 'POST', SUBSCRIPTIONS, { body: BODY, signal: given.signal });
    const outcome = expect(pending).rejects.toMatchObject({ name: 'AbortError' });
    await lab.bmc.waitFor(({ requests }) => requests.length === 1);
    given.abort();
    await outcome;
    await lab.bmc.waitFor(({ requests }) => requests[0]?.outcome === 'gone');
    expect(lab.bmc.subscriptions).toEqual([]);
  });

  it('keeps connections open unless connectionClose is set', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): number => warnings.push(name);
    process.on('warning', onWarning);
    for (let calls = 0; calls < 20; calls += 1) {
      await call(lab.bmc, 'GET', SYSTEMS, { agent });
    }
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(lab.bmc.connections).toMatchObject({ total: 1, max: 1 });
    lab.bmc.misbehave({ connectionClose: true });
    expect((await call(lab.bmc, 'GET', SYSTEMS, { agent })).headers['connection']).toBe('close');
    await lab.bmc.waitFor(({ connections }) => connections.current === 0);
    agent.destroy();
  });

  it('halfClosedKeepAlive resets a reused connection, unread', async () => {
    lab.bmc.misbehave({ halfClosedKeepAlive: 'reset-on-reuse' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await call(lab.bmc, 'GET', SYSTEMS, { agent })).status).toBe(200);
    const reused = call(lab.bmc, 'POST', SUBSCRIPTIONS, { body: BODY, agent });
    await expect(reused).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lab.bmc.subscriptions).toEqual([]);
    agent.destroy();
  });

  it('halfClosedKeepAlive fin ends the connection unannounced', async () => {
    lab.bmc.misbehave({ halfClosedKeepAlive: 'fin' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await call(lab.bmc, 'GET', SYSTEMS, { agent })).headers['connection']).toBe('keep-alive');
    await lab.bmc.waitFor(({ connections }) => connections.current === 0);
    agent.destroy();
  });

  it('records requests and calls the listeners', async () => {
    const seen: string[] = [];
    const stop = lab.bmc.onRequest(({ method, path }) => seen.push(`${method} ${path}`));
    await lab.subscribe();
    stop();
    await lab.read();
    expect(seen).toEqual([`POST ${SUBSCRIPTIONS}`]);
    expect(lab.bmc.requests[0]).toMatchObject({
      body: BODY,
      authentication: 'basic',
      status: 201,
      outcome: 'answered',
    });
    await expect(lab.bmc.waitFor(() => false, 1)).rejects.toThrow(/Last requests: POST .* 201, GET .* 200/);
    lab.bmc.forget();
    expect(lab.bmc.requests).toEqual([]);
  });

  it('a black hole accepts connections and never answers', async () => {
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
