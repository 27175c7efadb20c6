import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TLSSocket } from 'node:tls';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { digestOf } from '../../../src/auth/files/callers-file.js';
import { startApp, type TestApp } from '../../support/app.js';
import { freePort } from '../../support/free-port.js';
import { until } from '../../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'ferrule-https-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
  /** Of the server. */
  readonly certificate: string | undefined;
}

describe('a service with TLS and client certificates', () => {
  const server = selfSignedCertificate();
  const rack = selfSignedCertificate({ names: ['rack7'] });
  const guest = selfSignedCertificate({ names: ['guest'] });
  const stranger = selfSignedCertificate({ names: ['rack7'] });
  const tlsCert = file('cert.pem', server.certPem);
  const tlsKey = file('key.pem', server.keyPem);
  const clientCa = file('ca.pem', rack.certPem + guest.certPem);
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      FERRULE_AUTH: 'certificate,token',
      FERRULE_TLS_CERT: tlsCert,
      FERRULE_TLS_KEY: tlsKey,
      FERRULE_TLS_CLIENT_CA: clientCa,
      FERRULE_CALLERS: file(
        'callers.yaml',
        `callers:
  - {name: rack7, certificate: CN=rack7, roles: [admin], system: true}
  - {name: script, token: 'sha256:${digestOf('tok')}', roles: [admin], system: true}`,
      ),
    });
  });
  afterAll(() => app.close());

  async function ask(path: string, options: RequestOptions = {}, body?: object): Promise<Answer> {
    const { port } = new URL(app.http.base);
    const headers = {
      'X-OpenStack-Ironic-API-Version': '1.109',
      'Content-Type': 'application/json',
      ...(options.headers as Record<string, string>),
    };
    // A connection for each request, so that the handshake is that of its certificate.
    const sent = request({
      agent: false,
      host: '127.0.0.1',
      port,
      path,
      rejectUnauthorized: false,
      ...options,
      headers,
    });
    sent.end(body === undefined ? '' : JSON.stringify(body));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject);
    });
    const certificate = (answer.socket as TLSSocket).getPeerX509Certificate()?.fingerprint256;
    const sentBack = await text(answer);
    const received: unknown = sentBack === '' ? '' : JSON.parse(sentBack);
    return { status: answer.statusCode, headers: answer.headers, body: received, certificate };
  }

  const as = ({ certPem: cert, keyPem: key }: { certPem: string; keyPem: string }, token?: string) => ({
    cert,
    key,
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
  });

  it('has https in links and in the place of a job', async () => {
    const { port } = new URL(app.http.base);
    const base = `https://127.0.0.1:${port}`;
    expect(app.http.base).toBe(base);
    const made = await ask(
      '/v1/nodes',
      { method: 'POST', ...as(rack) },
      { driver: 'fake-hardware', name: 'n1' },
    );
    expect(made).toMatchObject({
      status: 201,
      body: { links: [{ href: expect.stringContaining(`${base}/v1/nodes/`) }, expect.anything()] },
    });
    const call = { method: 'POST', ...as(rack) };
    const accepted = await ask('/v1/nodes/n1/vendor_passthru/log_passthrough', call, {});
    expect(accepted.status).toBe(202);
    expect(accepted.headers['location']).toMatch(new RegExp(`^${base}/v1/jobs/`));
  });

  it('takes pages of its own origin for its own only with https', async () => {
    const { port } = new URL(app.http.base);
    const of = (Origin: string) => ({ headers: { Origin, Authorization: 'Bearer tok' } });
    expect(await ask('/v1/nodes', of(`https://127.0.0.1:${port}`))).toMatchObject({ status: 200 });
    expect(await ask('/v1/nodes', of(`http://127.0.0.1:${port}`))).toMatchObject({ status: 403 });
  });

  it('serves others beside hundreds of handshakes that do not go on, and cuts those off', async () => {
    const { port } = new URL(app.http.base);
    /** Of a record with a ClientHello of 512 bytes. */
    const beginning = Buffer.from('1603010200010001fc0303', 'hex');
    const opened = Array.from({ length: 200 }, async (_, index) => {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
      await once(socket, 'connect');
      if (index % 2 === 0) socket.write(beginning);
      return socket;
    });
    const sockets = await Promise.all(opened);
    const open = () => sockets.filter(({ closed }) => !closed).length;
    expect(open()).toBe(200);
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask('/v1/nodes', as(rack))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    for (const socket of sockets) socket.resume();
    await until(() => open() === 0);
  });

  it('knows callers by their certificates, or by other credentials', async () => {
    expect(await ask('/v1/nodes', as(rack))).toMatchObject({ status: 200 });
    expect(await ask('/v1/nodes')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="Baremetal API", Certificate realm="Baremetal API"' },
    });
    expect(await ask('/v1/nodes', { headers: { Authorization: 'Bearer tok' } })).toMatchObject({
      status: 200,
    });
  });

  it('does not know those with an untrusted or unknown certificate, whose tokens are good still', async () => {
    for (const [certificate, words] of [
      [stranger, 'not trusted'],
      [guest, 'not known'],
    ] as const) {
      const refused = await ask('/v1/nodes', as(certificate));
      expect(refused.status).toBe(401);
      expect(JSON.stringify(refused.body)).toContain(words);
      expect(await ask('/v1/nodes', as(certificate, 'tok'))).toMatchObject({ status: 200 });
    }
  });

  it('refuses a wrong token also with a certificate that it knows', async () => {
    expect(await ask('/v1/nodes', as(rack, 'wrong'))).toMatchObject({ status: 401 });
  });

  it('knows a client by its certificate that says that it has no token, as clients of OpenStack do', async () => {
    const headers = { 'X-Auth-Token': 'notused' };
    expect(await ask('/v1/nodes', { ...as(rack), headers })).toMatchObject({ status: 200 });
    expect(await ask('/v1/nodes', { headers })).toMatchObject({ status: 401 });
  });

  it('does not forward calls of callers that it knows by their certificates', async () => {
    const text = `
      insert into conductors (id, hostname, expires_at, role, conductor_group, version, address, drivers)
      select gen_random_uuid(), 'cond-b', now() + interval '1 hour', 'all', 'site-b', version, $1, drivers
      from conductors where hostname = 'cond-a'`;
    const closed = `http://127.0.0.1:${await freePort()}`;
    await app.database.query({ name: 'conductor-of-site-b', text }, [closed]);
    const node = { driver: 'fake-hardware', name: 'n2', conductor_group: 'site-b' };
    await until(async () => (await ask('/v1/nodes', { method: 'POST', ...as(rack) }, node)).status === 201);
    const path = '/v1/nodes/n2/vendor_passthru/methods';
    const refused = await ask(path, as(rack));
    expect(refused.status).toBe(501);
    expect(JSON.stringify(refused.body)).toContain('known by a client certificate cannot be forwarded');
    const tried = await ask(path, as(rack, 'tok'));
    expect(tried.status).toBe(503);
    expect(JSON.stringify(tried.body)).toContain('could take the call; asked: cond-b');
  });

  it('uses a new certificate and key as soon as both files have changed', async () => {
    const before = await ask('/v1');
    const next = selfSignedCertificate();
    writeFileSync(tlsCert, next.certPem);
    let seen = before.certificate;
    await until(async () => {
      seen = (await ask('/v1')).certificate;
      return app.log.text.includes(`The changed file '${tlsCert}' is not used`);
    });
    expect(seen).toBe(before.certificate);
    writeFileSync(tlsKey, next.keyPem);
    await until(async () => (await ask('/v1')).certificate !== before.certificate);
    expect(app.log.text).toContain(`Read again for new connections: ${tlsCert}, ${tlsKey}.`);
    expect(await ask('/v1/nodes', as(rack))).toMatchObject({ status: 200 });
  });

  it('trusts new authorities of client certificates as soon as their file has changed, and no longer the former', async () => {
    expect(await ask('/v1/nodes', as(stranger))).toMatchObject({ status: 401 });
    writeFileSync(clientCa, stranger.certPem);
    await until(async () => (await ask('/v1/nodes', as(stranger))).status === 200);
    expect(app.log.text).toContain(`Read again for new connections: ${clientCa}.`);
    expect(await ask('/v1/nodes', as(rack))).toMatchObject({ status: 401 });
  });
});
