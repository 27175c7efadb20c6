import { digestOf } from '../../../src/auth/files/callers-file.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type TestApp } from '../../support/app.js';
import { until } from '../../support/until.js';

describe('requests above FERRULE_REQUEST_RATE', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-limits-'));
  const callers = join(folder, 'callers.yaml');
  let app: TestApp;
  beforeAll(async () => {
    const entry = (name: string) =>
      `{name: ${name}, token: 'sha256:${digestOf(name)}', roles: [admin], system: true}`;
    writeFileSync(callers, `callers: [${entry('busy')}, ${entry('calm')}]`);
    app = await startApp({
      FERRULE_AUTH: 'token',
      FERRULE_CALLERS: callers,
      FERRULE_REQUEST_RATE: '1',
      FERRULE_METRICS: 'on',
    });
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });

  const as = (token: string, headers = {}) => ({ headers: { Authorization: `Bearer ${token}`, ...headers } });

  async function refused(path: string, options = {}) {
    for (let sent = 0; sent < 1_000; sent++) {
      const answer = await app.http.get(path, options);
      if (answer.status !== 200) return answer.expect(429);
    }
    throw new Error('No request was refused.');
  }

  it('are 429, without the header that breaks clients of Ironic, and count for this caller only', async () => {
    const answer = await refused('/v1/drivers', as('busy'));
    expect(answer.fault).toMatchObject({
      faultcode: 'Client',
      faultstring: expect.stringMatching(/FERRULE_REQUEST_RATE \(1 a second\).*after 1 s\.$/),
    });
    expect(answer.headers).not.toHaveProperty('retry-after');
    (await app.http.get('/v1/drivers', as('calm'))).expect(200);
  });

  it('tell those who ask for problem documents when to try again', async () => {
    const answer = await refused('/v1/drivers', as('busy', { Accept: 'application/problem+json' }));
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ status: 429, code: 'TooManyRequests' });
  });

  it('without credentials count for the address, but probes are always answered', async () => {
    await refused('/v1');
    (await app.http.get('/healthz')).expect(200);
    (await app.http.get('/metrics')).expect(200);
  });

  it('are logged with who sent them', async () => {
    await refused('/v1/drivers', as('busy'));
    const isLogged = (who: string) =>
      app.log.text.includes(`Requests of ${who} are refused: more than FERRULE_REQUEST_RATE (1 a second).`);
    expect(isLogged('token:busy from 127.0.0.1')).toBe(true);
    await until(async () => {
      await refused('/v1');
      return isLogged('127.0.0.1');
    });
  });
});
