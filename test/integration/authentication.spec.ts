import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import { digestOf } from '../../src/auth/files/callers-file.js';
import { ConfigError } from '../../src/config/config-error.js';
import { setUp } from '../../src/setup.js';
import { startApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'ferrule-auth-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a service with authentication', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({
      FERRULE_AUTH: 'http_basic,token',
      FERRULE_HTPASSWD: written('htpasswd', `admin:${hashSync('s3cr3t-word', 4)}`),
      FERRULE_CALLERS: written(
        'callers',
        `callers: [{name: s, token: 'sha256:${digestOf('tok')}', roles: [admin], system: true}]`,
      ),
      FERRULE_POLICY: written('policy', 'rules: []'),
    });
  });
  afterAll(() => app.close());

  it('serves its documentation and probes to everybody, and the rest to those whom it knows', async () => {
    for (const path of ['/docs/', '/openapi.json', '/healthz', '/v1']) {
      (await app.http.get(path)).expect(200);
    }
    // 503 without a data directory.
    expect([200, 503]).toContain((await app.http.get('/readyz')).status);
    for (const path of ['/v1/nodes', '/v1/jobs', '/v1/drivers']) {
      (await app.http.get(path)).expect(401);
      (await app.http.get(path, { headers: { Authorization: 'Bearer tok' } })).expect(200);
    }
  });

  it('checks the Host before the credentials', async () => {
    (await app.http.get('/v1/nodes', { headers: { Host: 'metal.example' } })).expect(403);
  });

  it('tells Swagger UI how callers are known', async () => {
    const document = (await app.http.get('/openapi.json')).json<Record<string, unknown>>();
    expect(document).toMatchObject({
      security: [{ http_basic: [] }, { token: [] }],
      components: {
        securitySchemes: {
          http_basic: { type: 'http', scheme: 'basic' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    });
  });

  it('logs who was refused, without what they presented', async () => {
    const ask = (pair: string) =>
      app.http.get('/v1/nodes?q=x', {
        headers: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
      });
    (await ask('admin:wr0ng-word')).expect(401);
    expect(app.log.text).toMatch(/req-\S+ GET \/v1\/nodes from \S+: /);
    expect(app.log.text).not.toMatch(/wr0ng|s3cr3t/);
  });
});

describe('files of a service that nobody asks anything', () => {
  const token = `{name: s, token: 'sha256:${digestOf('tok')}', roles: [admin], system: true}`;
  const files = {
    htpasswd: `admin:${hashSync('s3cr3t-word', 4)}`,
    callers: `callers: [${token}]`,
    policy: 'rules: [{name: all, decision: deny, actions: ferrule:audit:get}]',
  };
  const write = () => Object.entries(files).map(([name, text]) => written(`idle-${name}`, text));
  let app: TestApp;
  beforeAll(async () => {
    const [FERRULE_HTPASSWD = '', FERRULE_CALLERS = '', FERRULE_POLICY = ''] = write();
    app = await startApp({
      FERRULE_AUTH: 'http_basic,token',
      FERRULE_HTPASSWD,
      FERRULE_CALLERS,
      FERRULE_POLICY,
    });
  });
  afterAll(() => app.close());

  const isLogged = (pattern: RegExp) => until(() => app.log.entries.some((entry) => pattern.test(entry)));

  it('are read again, and kept out if they were emptied', async () => {
    for (const name of Object.keys(files)) written(`idle-${name}`, '');
    await isLogged(/idle-htpasswd' is not used, .*: it is empty; .*'# no users'/);
    await isLogged(/idle-callers' is not used, .*: it has no callers; .*'callers: \[\]'/);
    await isLogged(/idle-policy' is not used, .*: line 1: it has no list of rules; .*'rules: \[\]'/);
    const as = { headers: { Authorization: 'Bearer tok' } };
    (await app.http.get('/v1/nodes', as)).expect(200);
    (await app.http.get('/v1/audit', as)).expect(403);
    written('idle-htpasswd', `${files.htpasswd}\nb:${hashSync('x', 4)}`);
    written('idle-callers', 'callers: []');
    written('idle-policy', 'rules: []');
    await isLogged(/file of FERRULE_HTPASSWD was read again; it has 2 users\./);
    await isLogged(/file of FERRULE_CALLERS was read again; it has 0 callers\./);
    await isLogged(/file of FERRULE_POLICY was read again; it has 0 rules\./);
    (await app.http.get('/v1/nodes', as)).expect(401);
  });
});

describe('settings of authentication', () => {
  const problemsOf = async (env: Record<string, string>): Promise<readonly string[]> => {
    try {
      await setUp({ FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware', ...env });
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
    }
    return [];
  };

  it('are told with all others that are wrong', async () => {
    const problems = await problemsOf({
      FERRULE_PORT: 'x',
      FERRULE_AUTH: 'http_basic,token',
      FERRULE_HTPASSWD: written('bad', 'admin:hunter2'),
    });
    expect(problems).toEqual([
      expect.stringMatching(/^FERRULE_PORT/),
      'FERRULE_CALLERS must be set, since FERRULE_AUTH has token',
      expect.stringMatching(/^FERRULE_HTPASSWD: .*line 1/),
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each(['basic', 'none,token', 'http_basic,x'])('FERRULE_AUTH cannot be %s', async (value) => {
    expect(await problemsOf({ FERRULE_AUTH: value })).toEqual([expect.stringMatching(/^FERRULE_AUTH must/)]);
  });
});
