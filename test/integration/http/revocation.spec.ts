import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { startApp, type TestApp } from '../../support/app.js';
import { describeWithProgram } from '../../support/require.js';
import { until } from '../../support/until.js';

const AUTHORITY = `
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
default_days = 30
default_crl_days = 30
policy = named
[named]
commonName = supplied
`;

describeWithProgram('openssl')('client certificates with a revocation list of openssl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-crl-'));
  const inFolder = (name: string) => join(folder, name);
  const list = inFolder('list.pem');
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = (...args: string[]) =>
    openssl('ca', '-batch', '-config', 'ca.cnf', '-cert', 'ca.crt', '-keyfile', 'ca.key', ...args);
  const publish = (...times: string[]) => {
    authority('-gencrl', '-out', 'next.pem', ...times);
    copyFileSync(inFolder('next.pem'), list);
  };
  let app: TestApp;

  beforeAll(async () => {
    writeFileSync(inFolder('ca.cnf'), AUTHORITY);
    writeFileSync(inFolder('index.txt'), '');
    writeFileSync(inFolder('serial'), '01');
    openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=authority');
    for (const name of ['server', 'rack7', 'rack8']) {
      openssl(
        'req',
        '-new',
        ...newKey,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name}`,
      );
      authority('-in', `${name}.csr`, '-out', `${name}.crt`, '-notext');
    }
    publish();
    const callers = ['rack7', 'rack8'].map((name) => {
      return { name, certificate: `CN=${name}`, roles: ['reader'], system: true };
    });
    writeFileSync(inFolder('callers.yaml'), JSON.stringify({ callers }));
    app = await startApp({
      FERRULE_AUTH: 'certificate',
      FERRULE_CALLERS: inFolder('callers.yaml'),
      FERRULE_TLS_CERT: inFolder('server.crt'),
      FERRULE_TLS_KEY: inFolder('server.key'),
      FERRULE_TLS_CLIENT_CA: inFolder('ca.crt'),
      FERRULE_TLS_CLIENT_CRL: list,
    });
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  /** @param session of an earlier connection, which it resumes if the service lets it. */
  async function ask(name: string, session?: Buffer) {
    const sent = request(`${app.http.base}/v1/nodes`, {
      agent: false,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
      cert: readFileSync(inFolder(`${name}.crt`)),
      key: readFileSync(inFolder(`${name}.key`)),
      ...(session && { session }),
    }).end();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject);
    });
    const { socket } = answer;
    const kept = socket instanceof TLSSocket ? socket.getSession() : undefined;
    return { status: answer.statusCode, text: await text(answer), session: kept };
  }

  it('are refused once they are revoked, also by a client that resumes its session; the others are not', async () => {
    const before = await ask('rack7');
    expect(before.status).toBe(200);
    authority('-revoke', 'rack7.crt');
    publish();
    await until(async () => (await ask('rack7')).status === 401);
    expect(app.log.text).toContain(`Read again for new connections: ${list}.`);
    expect((await ask('rack7')).text).toContain('The client certificate has been revoked');
    expect((await ask('rack7', before.session)).status).toBe(401);
    expect((await ask('rack8')).status).toBe(200);
  });

  it('are judged by the former list while the new one cannot be read', async () => {
    writeFileSync(list, '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n');
    const statuses: (number | undefined)[] = [];
    await until(async () => {
      statuses.push((await ask('rack8')).status);
      return app.log.text.includes(
        'FERRULE_TLS_CLIENT_CRL: the file has a revocation list that cannot be read',
      );
    });
    statuses.push((await ask('rack8')).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await ask('rack7')).status).toBe(401);
  });

  it('are not trusted while the list is out of date, and the log says so', async () => {
    publish('-crl_lastupdate', '20200101000000Z', '-crl_nextupdate', '20200201000000Z');
    await until(async () => (await ask('rack8')).status === 401);
    expect((await ask('rack8')).text).toContain('The client certificate is not trusted');
    // The log has a line for one refusal a second.
    await until(async () => {
      await ask('rack8');
      return app.log.text.includes('an untrusted client certificate (CRL_HAS_EXPIRED)');
    });
    publish();
    await until(async () => (await ask('rack8')).status === 200);
  });
});
