import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '@ferrule/bmc-simulator';
import { noAuthentication } from '../../../src/auth/authenticator.js';
import { startApp, type TestApp } from '../../support/app.js';
import { Child } from '../../support/child.js';
import { freePort } from '../../support/free-port.js';
import { block, ROOT } from '../../support/readme.js';
import { scrape } from '../../support/metrics.js';
import { describeWithProgram } from '../../support/require.js';
import { until } from '../../support/until.js';
import { startThings, type Things } from './things.js';

const FORWARDED = {
  'X-Forwarded-For': '192.0.2.9',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'localhost:8443',
};

describe('behind a trusted proxy', () => {
  let things: Things;
  beforeAll(async () => {
    things = await startThings(noAuthentication, ['127.0.0.0/8']);
  });
  afterAll(() => things.close());

  const seen = (headers: Record<string, string>) => things.http.get('/v1/nodes/seen').set(headers);

  it('links and addresses are those of the client', async () => {
    await seen(FORWARDED).expect(200, { ip: '192.0.2.9', base: 'https://localhost:8443' });
  });

  it('what a client says of itself does not count', async () => {
    const chain = { ...FORWARDED, 'X-Forwarded-For': '203.0.113.1, 192.0.2.9' };
    await seen(chain).expect(200, { ip: '192.0.2.9', base: 'https://localhost:8443' });
  });

  it('the name that the client asked for must be one of the service', async () => {
    await seen({ ...FORWARDED, 'X-Forwarded-Host': 'evil.example' }).expect(403);
  });

  it('pages of the own origin are those with https', async () => {
    await seen({ ...FORWARDED, Origin: 'https://localhost:8443' }).expect(200);
    await seen({ ...FORWARDED, Origin: 'http://localhost:8443' }).expect(403);
  });
});

describeWithProgram('nginx')('behind nginx as docs/operating.md sets it up', () => {
  let folder: string;
  let app: TestApp;
  let nginx: Child;
  let ask: (path: string, headers?: Record<string, string>) => Promise<number>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-nginx-'));
    const page = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
    const heading = 'TLS and reverse proxies';
    const settings = block(heading, 'sh', 2, page).matchAll(/^(FERRULE_\w+)=(\S+)/gm);
    const given = Object.fromEntries([...settings].map(([, key = '', value = '']) => [key, value]));
    writeFileSync(join(folder, 'htpasswd'), '# no users');
    app = await startApp({
      ...given,
      FERRULE_METRICS: given['FERRULE_METRICS'] === '9464' ? '127.0.0.1:0' : 'auto',
      FERRULE_HTPASSWD: join(folder, 'htpasswd'),
    });
    const { certPem, keyPem } = selfSignedCertificate();
    writeFileSync(join(folder, 'metal.pem'), certPem);
    writeFileSync(join(folder, 'metal.key'), keyPem);
    const port = await freePort();
    const server = block(heading, 'nginx', 0, page)
      .replace('listen 443', `listen 127.0.0.1:${port}`)
      .replace('127.0.0.1:6385', new URL(app.http.base).host)
      .replaceAll('/etc/nginx/metal.example', join(folder, 'metal'));
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${join(folder, name)};`,
    );
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; pid ${join(folder, 'pid')}; error_log stderr; events {}
http { access_log off; ${temporary.join(' ')} ${server} }`,
    );
    const args = ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf'];
    nginx = new Child(spawn('nginx', args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    ask = (path, headers = {}) =>
      new Promise((resolve, reject) => {
        const options = {
          host: '127.0.0.1',
          port,
          path,
          headers: { Host: 'metal.example', ...headers },
          ca: certPem,
          checkServerIdentity: () => undefined,
        };
        get(options, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        }).on('error', reject);
      });
    await until(() =>
      ask('/v1').then(
        (status) => status === 200,
        () => false,
      ),
    );
  });
  afterAll(async () => {
    await nginx?.kill('SIGTERM');
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('metrics are not answered', async () => {
    expect(await ask('/metrics')).toBe(404);
  });

  it('nobody can choose the address that is logged and limited', async () => {
    expect(await ask('/v1/nodes', { 'X-Forwarded-For': '192.0.2.66' })).toBe(401);
    expect(app.log.text).toMatch(/GET \/v1\/nodes from 127\.0\.0\.1: no credentials/);
    expect(app.log.text).not.toContain('192.0.2.66');
  });
});

describe.each([
  ['behind trusted proxies', { FERRULE_TRUSTED_PROXIES: '127.0.0.0/8,10.0.0.0/8' }, true],
  ['without trusted proxies', { FERRULE_TRUSTED_PROXIES: '192.0.2.0/24' }, false],
])('%s, the address that counts', (_where, settings, isTrusted) => {
  let folder: string;
  let app: TestApp;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-forwarded-'));
    writeFileSync(join(folder, 'callers.yaml'), 'callers: []');
    app = await startApp({
      ...settings,
      FERRULE_AUTH: 'token',
      FERRULE_CALLERS: join(folder, 'callers.yaml'),
      FERRULE_REQUEST_RATE: '1',
      FERRULE_METRICS: 'on',
    });
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  let request = 0;
  /** What the client claims comes first; then the address that the first proxy saw, and that of the first proxy. */
  const from = (address: string): Record<string, string> => ({
    'X-Forwarded-For': `198.51.100.${++request % 250}, ${address}, 10.0.0.5`,
    'X-Real-IP': `198.51.100.${request % 250}`,
    Forwarded: `for=198.51.100.${request % 250}`,
  });
  const ask = async (address: string): Promise<number> =>
    (await app.http.get('/v1', { headers: from(address) })).status;
  const wrongToken = async (address: string): Promise<void> => {
    const headers = { ...from(address), Authorization: 'Bearer wrong' };
    (await app.http.get('/v1/nodes', { headers })).expect(401);
  };
  const delayed = async (): Promise<number> =>
    (await scrape(app.http)).get(
      'ferrule_credentials_refused_total{strategy="token",status="401",delayed="true"}',
    ) ?? 0;

  it('is in the log', async () => {
    await wrongToken('203.0.113.7');
    expect(app.log.text).toContain(`GET /v1/nodes from ${isTrusted ? '203.0.113.7' : '127.0.0.1'}:`);
    expect(app.log.text).not.toContain('198.51.100.');
  });

  it('is that whose wrong tokens are delayed', async () => {
    for (let turn = 0; turn < 4; turn++) await wrongToken('203.0.113.8');
    const before = await delayed();
    await wrongToken('203.0.113.8');
    expect(await delayed()).toBe(before + 1);
    await wrongToken('203.0.113.9');
    expect(await delayed()).toBe(before + (isTrusted ? 1 : 2));
  });

  it('is that whose requests are limited', async () => {
    let turn = 0;
    const address = (): string => (isTrusted ? '203.0.113.10' : `203.0.113.${++turn % 250}`);
    await until(async () => (await ask(address())) === 429);
    if (isTrusted) expect(await ask('203.0.113.11')).toBe(200);
  });
});

it('headers of others are ignored', async () => {
  const things = await startThings(noAuthentication, ['192.0.2.0/24']);
  const answer = await things.http.get('/v1/nodes/seen').set(FORWARDED).expect(200);
  expect(answer.body).toEqual({
    ip: expect.stringContaining('127.0.0.1'),
    base: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  await things.close();
});
