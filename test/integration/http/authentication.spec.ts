import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import { openAuthentication } from '../../../src/auth/open-authentication.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { until } from '../../support/until.js';
import { startThings, type Things } from './things.js';

const folder = mkdtempSync(join(tmpdir(), 'ferrule-auth-'));
afterAll(() => rmSync(folder, { recursive: true }));
const htpasswd = join(folder, 'htpasswd');
const callers = join(folder, 'callers.yaml');

const basic = (pair: string | Uint8Array) => `Basic ${Buffer.from(pair).toString('base64')}`;
const line = (user: string, password: string | Uint8Array) => `${user}:${hashSync(password, 4)}\n`;
const tokenEntry = (name: string, token: string) =>
  `  - {name: ${name}, token: 'sha256:${createHash('sha256').update(token).digest('hex')}', roles: [reader], system: true}\n`;

const PATH = '/v1/nodes/caller';
const REQUIRED = '{"error": {"message": "Credentials are required", "code": 401}}';
const WRONG = '{"error": {"message": "Incorrect username or password", "code": 401}}';
const CHALLENGE = 'Basic realm="Baremetal API"';
const BYTES = Buffer.from([0xff, 0x3a, 0x00, 0xfe]);

function settings(auth: string, files: Readonly<Record<string, string>> = {}) {
  return loadConfig({
    FERRULE_AUTH: auth,
    FERRULE_HTPASSWD: htpasswd,
    FERRULE_CALLERS: callers,
    ...files,
  });
}

async function start(auth: readonly ('http_basic' | 'token')[]): Promise<Things> {
  const { authenticator, problems } = await openAuthentication(settings(auth.join()));
  expect(problems).toEqual([]);
  return startThings(authenticator);
}

describe('http_basic', () => {
  let things: Things;
  beforeAll(async () => {
    writeFileSync(
      htpasswd,
      line('admin', 'secret') + line('colon', 'a:b:c') + line('bytes', BYTES) + line('žofie', 'žluť'),
    );
    things = await start(['http_basic']);
  });
  afterAll(() => things.close());

  it.each([
    ['no credentials', PATH, undefined, 401, REQUIRED],
    ['no credentials on an unknown path', '/v1/nonesuch', undefined, 401, REQUIRED],
    ['no credentials outside of the API', '/nonesuch', undefined, 401, REQUIRED],
    ['a wrong password', PATH, basic('admin:Secret'), 401, WRONG],
    ['an unknown user', PATH, basic('nobody:secret'), 401, WRONG],
  ])('%s: 401 to the byte', async (_what, path, authorization, status, body) => {
    const answer = await things.http
      .get(path)
      .set(authorization === undefined ? {} : { Authorization: authorization });
    expect(answer.status).toBe(status);
    expect(answer.text).toBe(body);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['www-authenticate']).toBe(CHALLENGE);
    expect(Object.keys(answer.headers).filter((name) => name.includes('version'))).toEqual([]);
  });

  it.each([
    ['another scheme', 'Bearer abc'],
    ['no scheme', ''],
    ['no base64', 'Basic ä!'],
    ['no padding', 'Basic dTpwcQ'],
    ['no colon', basic('admin')],
  ])('%s: 400 in the same form, without a challenge', async (_what, authorization) => {
    const answer = await things.http
      .get(PATH)
      .set({ Authorization: Buffer.from(authorization).toString('latin1') });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: { message: expect.any(String), code: 400 } });
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(Object.keys(answer.headers).filter((name) => name.includes('version'))).toEqual([]);
  });

  it.each([
    ['a right password', basic('admin:secret'), 'admin'],
    ['a password with colons', basic('colon:a:b:c'), 'colon'],
    ['a password of any bytes', basic(Buffer.concat([Buffer.from('bytes:'), BYTES])), 'bytes'],
    ['a name and a password in UTF-8', basic('žofie:žluť'), 'žofie'],
    ['the scheme in lower case', basic('admin:secret').replace('Basic', 'basic'), 'admin'],
  ])('%s: the caller may do everything', async (_what, authorization, name) => {
    const answer = await things.http.get(PATH).set({ Authorization: authorization }).expect(200);
    expect(answer.body).toEqual({
      id: `http_basic:${name}`,
      name,
      projectId: null,
      roles: ['admin'],
      hasSystemScope: true,
      knownBy: 'http_basic',
    });
  });

  it('is 401 before 406 and 404, and after that these are told as ever', async () => {
    const version = { 'X-OpenStack-Ironic-API-Version': '1.999' };
    await things.http.get('/v1/nonesuch').set(version).expect(401);
    const known = { Authorization: basic('admin:secret') };
    const refused = await things.http
      .get(PATH)
      .set({ ...version, ...known })
      .expect(406);
    expect(refused.headers['x-openstack-ironic-api-maximum-version']).toBe('1.109');
    await things.http.get('/v1/nonesuch').set(known).expect(404);
  });

  it.each([
    ['/', 200],
    ['/v1', 200],
    ['/v1/', 200],
    ['/v1/lookup', 404],
    ['/v1/lookup/', 404],
    ['/v1/heartbeat/1be26c0b-03f2-4d2e-ae87-c02d7f33c123', 404],
    ['/v1/heartbeat/x/', 404],
    ['/v1/continue_inspection', 404],
  ])('%s is public, also with wrong credentials', async (path, status) => {
    await things.http.get(path).set({ Accept: 'application/json' }).expect(status);
    const wrong = { Accept: 'application/json', Authorization: basic('admin:wrong') };
    await things.http.get(path).set(wrong).expect(status);
    await things.http
      .get(path)
      .set({ ...wrong, Authorization: 'Nonsense' })
      .expect(status);
  });

  it('reads the file again when it changes, and keeps the former one when the new one is broken', async () => {
    const ask = (pair: string, status: number) =>
      things.http
        .get(PATH)
        .set({ Authorization: basic(pair) })
        .expect(status);
    writeFileSync(htpasswd, line('admin', 'changed') + line('new', 'secret'));
    await ask('admin:changed', 200);
    await ask('new:secret', 200);
    await ask('admin:secret', 401);
    writeFileSync(htpasswd, 'admin:plain\n');
    await ask('admin:changed', 200);
    await ask('admin:plain', 401);
  });
});

describe('token and http_basic together', () => {
  let things: Things;
  beforeAll(async () => {
    writeFileSync(htpasswd, line('admin', 'secret'));
    writeFileSync(callers, `callers:\n${tokenEntry('script', 'tok')}`);
    things = await start(['http_basic', 'token']);
  });
  afterAll(() => things.close());

  it.each([
    ['Authorization: Bearer', { Authorization: 'Bearer tok' }, 'script'],
    ['the scheme in lower case', { Authorization: 'bearer tok' }, 'script'],
    ['X-Auth-Token', { 'X-Auth-Token': 'tok' }, 'script'],
    ['a password', { Authorization: basic('admin:secret') }, 'admin'],
    ['a password and a wrong token', { Authorization: basic('admin:secret'), 'X-Auth-Token': 'x' }, 'admin'],
  ])('%s', async (_what, headers, name) => {
    expect((await things.http.get(PATH).set(headers).expect(200)).body).toMatchObject({ name });
  });

  it('has a challenge for each', async () => {
    for (const headers of [{}, { 'X-Auth-Token': 'notused' }, { Authorization: basic('admin:x') }]) {
      const answer = await things.http.get(PATH).set(headers).expect(401);
      expect(answer.headers['www-authenticate']).toBe(`Bearer realm="Baremetal API", ${CHALLENGE}`);
    }
  });

  it('is 400 with a scheme that neither reads', async () => {
    await things.http.get(PATH).set({ Authorization: 'Digest x' }).expect(400);
  });

  it('reads the file of callers again when it changes', async () => {
    writeFileSync(callers, `callers:\n${tokenEntry('other', 'new')}`);
    await until(async () => {
      const answer = await things.http.get(PATH).set({ 'X-Auth-Token': 'new' });
      return answer.status === 200;
    });
    await things.http.get(PATH).set({ 'X-Auth-Token': 'tok' }).expect(401);
  });
});

describe('token alone', () => {
  it('is 401 for other schemes', async () => {
    writeFileSync(callers, 'callers: []');
    const things = await start(['token']);
    const answer = await things.http
      .get(PATH)
      .set({ Authorization: basic('admin:secret') })
      .expect(401);
    expect(answer.text).toBe(REQUIRED);
    await things.close();
  });
});

describe('openAuthentication', () => {
  it('tells all that is missing or wrong', async () => {
    writeFileSync(htpasswd, 'admin:plain');
    const none = join(folder, 'none');
    const files = { FERRULE_CALLERS: none, FERRULE_KEYSTONE_USERNAME: 'u', FERRULE_KEYSTONE_CA: none };
    const { problems } = await openAuthentication(settings('http_basic,token,keystone', files));
    expect(problems).toEqual([
      expect.stringMatching(
        /^FERRULE_CALLERS: the file '.*' cannot be read \(ENOENT\); 'ferrule auth add NAME' with --token or --certificate makes it$/,
      ),
      expect.stringMatching(/^FERRULE_HTPASSWD: each line must be .*wrong: line 1$/),
      'FERRULE_KEYSTONE_URL must be set, since FERRULE_AUTH has keystone',
      expect.stringMatching(/^FERRULE_KEYSTONE_USERNAME and FERRULE_KEYSTONE_PASSWORD, or/),
      expect.stringMatching(/^FERRULE_KEYSTONE_CA: the file '.*' cannot be read \(ENOENT\)$/),
    ]);
    expect((await openAuthentication(settings('http_basic', { FERRULE_HTPASSWD: '' }))).problems).toEqual([
      'FERRULE_HTPASSWD must be set, since FERRULE_AUTH has http_basic',
    ]);
  });
});
