import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../../src/app.module.js';
import { startApp, type TestApp } from '../support/app.js';
import { HttpClient } from '../support/http-client.js';
import { jobService } from '../support/job-service.js';

const FILES = readdirSync(join(import.meta.dirname, '../../console'));

describe('/console', () => {
  let app: TestApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app.close());

  it('is a page without data, and with a strict policy for what it loads', async () => {
    const page = (await app.http.get('/console')).expect(200);
    expect(page.contentType).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none';.*trusted-types 'none'$/,
    );
    expect(page.headers['x-frame-options']).toBe('DENY');
    expect(page.text).not.toMatch(
      /<script(?! type="module" src="console\/main\.js">)|<style|\son\w+=|style=/i,
    );
    const served = FILES.filter((name) => /\.(js|css|svg)$/.test(name));
    for (const name of served) (await app.http.get(`/console/${name}`)).expect(200);
    expect(served.length).toBeGreaterThan(5);
    const slash = (await app.http.get('/console/')).expect(302);
    expect(slash.headers.location).toBe('../console');
    for (const name of [
      'index.html',
      'tsconfig.json',
      'types.d.ts',
      '..%2fpackage.json',
      'nonesuch.js',
      'a/b',
    ])
      (await app.http.get(`/console/${name}`)).expect(404);
  });

  it('has no markup made of texts', async () => {
    for (const name of FILES.filter((each) => each.endsWith('.js'))) {
      const { text } = await app.http.get(`/console/${name}`);
      expect([name, text.match(/innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|https?:/)]).toEqual(
        [name, null],
      );
    }
  });

  it('can be linked to from other sites, and asked by none', async () => {
    const link = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    };
    (await app.http.get('/console', { headers: link })).expect(200);
    (await app.http.get('/console', { headers: { ...link, 'Sec-Fetch-Dest': 'iframe' } })).expect(403);
    (await app.http.get('/console/main.js', { headers: link })).expect(403);
    (await app.http.get('/console/main.js', { headers: { 'Sec-Fetch-Site': 'same-site' } })).expect(403);
  });

  it.each([
    ['auto', '127.0.0.1', 200],
    ['auto', '0.0.0.0', 404],
    ['on', '0.0.0.0', 200],
    ['off', '127.0.0.1', 404],
  ])('with FERRULE_CONSOLE=%s, without authentication on %s: %i', async (value, host, status) => {
    const service = await jobService({ FERRULE_CONSOLE: value });
    try {
      await listen(service.app, { port: 0, host });
      const bound = new HttpClient(`http://127.0.0.1:${new URL(await service.app.getUrl()).port}`);
      for (const path of ['/console', '/console/main.js'])
        expect((await bound.get(path)).status).toBe(status);
      bound.close();
    } finally {
      await service.close();
    }
  });

  it('with authentication is on wherever the service listens, for everybody', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferrule-console-'));
    writeFileSync(join(folder, 'callers.yaml'), 'callers: []');
    const service = await jobService({
      FERRULE_AUTH: 'token',
      FERRULE_CALLERS: join(folder, 'callers.yaml'),
    });
    try {
      await listen(service.app, { port: 0, host: '0.0.0.0' });
      const http = new HttpClient(`http://127.0.0.1:${new URL(await service.app.getUrl()).port}`);
      (await http.get('/console')).expect(200);
      (await http.get('/v1/nodes')).expect(401);
      http.close();
    } finally {
      await service.close();
      rmSync(folder, { recursive: true });
    }
  });
});
