import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type Browser, type Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { startBrowser } from '../support/browser.js';
import { createNode, fields } from '../support/passthru.js';
import { describeWithProgram } from '../support/require.js';

/** Sent by the browser without asking the user. */
interface Attack {
  readonly base: string;
  readonly node: string;
}

describeWithProgram('chromium')('a web page of another site', () => {
  let service: TestApp;
  let browser: Browser;
  let site: Server;
  let node: string;
  beforeAll(async () => {
    service = await startApp();
    node = await createNode(service.http, { name: 'the-only-one' });
    browser = await startBrowser('--host-resolver-rules=MAP evil.example 127.0.0.1');
    // Sent as name=value in plain text, which is valid JSON here.
    const form = `<!doctype html><title>a page</title>
      <form method="post" enctype="text/plain" action="${service.http.base}/v1/nodes">
        <input name='{"driver":"fake-hardware","name":"by-form","extra":{"x":"' value='"}}'>
      </form>`;
    site = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(form);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
  });
  afterAll(async () => {
    await browser?.close();
    site.close();
    await service.close();
  });

  async function open(url: string): Promise<{ page: Page; statuses: number[] }> {
    const page = await browser.newPage();
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (new URL(response.url()).port === port(service.http.base)) statuses.push(response.status());
    });
    await page.goto(url);
    return { page, statuses };
  }

  const port = (url: string) => new URL(url).port;
  const siteAt = (host: string): string => {
    const address = site.address();
    return `http://${host}:${typeof address === 'object' ? address?.port : ''}/`;
  };

  async function expectUntouched(): Promise<void> {
    const { nodes } = (await service.http.get('/v1/nodes')).expect(200).json<{ nodes: { name: string }[] }>();
    expect(nodes.map(({ name }) => name)).toEqual(['the-only-one']);
    const [locks] = await service.database.query<{ count: number }>(
      { name: 'test-locks', text: 'select count(*)::int as count from reservations' },
      [],
    );
    expect(locks?.count).toBe(0);
    expect(await fields(service.http, node, 'driver_internal_info')).toEqual({ driver_internal_info: {} });
  }

  it.each(['evil.example', '127.0.0.1', 'localhost'])(
    'at another origin (%s) creates nothing, calls nothing and reads nothing',
    async (host) => {
      const { page, statuses } = await open(siteAt(host));
      const read = await page.evaluate(async ({ base, node: target }: Attack) => {
        const created = JSON.stringify({ driver: 'fake-hardware', name: 'from-a-page' });
        const texts: string[] = [];
        const attempts: [string, RequestInit][] = [
          ['/v1/nodes', { method: 'POST', body: created, headers: { 'Content-Type': 'text/plain' } }],
          ['/v1/nodes', { method: 'POST', body: created, mode: 'no-cors' }],
          [`/v1/nodes/${target}/vendor_passthru/work`, { method: 'POST', body: '{}', mode: 'no-cors' }],
          [`/v1/nodes/${target}/vendor_passthru/sleep`, { method: 'POST', body: '{}', mode: 'no-cors' }],
          ['/v1/nodes', {}],
          ['/v1/nodes', { mode: 'no-cors' }],
          ['/openapi.json', {}],
        ];
        for (const [path, init] of attempts) {
          // Either blocked by the browser, or opaque and without a body.
          await fetch(base + path, init)
            .then(async (response) => texts.push(await response.text()))
            .catch(() => texts.push(''));
        }
        return texts;
      }, attack());
      expect(read).toEqual(read.map(() => ''));
      // The browser hides the other answers even from developer tools.
      expect(statuses).toEqual([403, 403, 403, 403]);
      await expectUntouched();
      await page.close();
    },
  );

  it.each(['evil.example', '127.0.0.1'])('at another origin (%s) sends no form', async (host) => {
    const { page, statuses } = await open(siteAt(host));
    const navigated = page.waitForURL(/v1/);
    await page.evaluate('document.forms[0].submit()');
    await navigated;
    expect(statuses).toEqual([403]);
    await expectUntouched();
    await page.close();
  });

  it('whose name resolves to this machine (DNS rebinding) gets nothing', async () => {
    // For the browser, the service has the same origin as the page.
    const { page, statuses } = await open(`http://evil.example:${port(service.http.base)}/docs`);
    const answers = await page.evaluate(async (target: string) => {
      const body = JSON.stringify({ driver: 'fake-hardware', name: 'rebound' });
      const headers = { 'Content-Type': 'application/json' };
      const attempts: [string, RequestInit][] = [
        ['/v1/nodes', {}],
        [`/v1/nodes/${target}`, {}],
        ['/v1/nodes', { method: 'POST', headers, body }],
        [`/v1/nodes/${target}/vendor_passthru/work`, { method: 'POST', headers, body: '{}' }],
      ];
      return Promise.all(
        attempts.map(async ([path, init]) => {
          const response = await fetch(path, init);
          return { status: response.status, text: await response.text() };
        }),
      );
    }, node);
    const refused = [...answers.map(({ status }) => status), ...statuses];
    expect(refused.filter((status) => status < 400)).toEqual([]);
    expect(answers.filter(({ text }) => text.includes(node) || text.includes('the-only-one'))).toEqual([]);
    await expectUntouched();
    await page.close();
  });

  it('is refused, while the requests of the documentation page are answered', async () => {
    const { page } = await open(`${service.http.base}/docs`);
    const status = await page.evaluate(async () => (await fetch('/v1/nodes')).status);
    expect(status).toBe(200);
    await page.close();
  });

  function attack(): Attack {
    return { base: service.http.base, node };
  }
});
