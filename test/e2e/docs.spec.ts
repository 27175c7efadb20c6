import { type Browser } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { startBrowser } from '../support/browser.js';
import { describeWithProgram } from '../support/require.js';
import { documentedFleetCall } from '../support/documented-fleet-call.js';

describeWithProgram('chromium')('Swagger UI at /docs', () => {
  let service: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    service = await startApp();
    (await service.http.post('/v1/nodes', { driver: 'fake-hardware', name: 'rack7-u12' })).expect(201);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service.close();
  });

  it('can run the request of a listing', async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${service.http.base}/docs`);
    const operation = page.locator('.opblock', { hasText: '/v1/nodes/{ident}/vendor_passthru/methods' });
    await operation.locator('.opblock-summary-control').click();
    const name = operation.locator('tr[data-param-name="ident"] input');
    await name.fill('rack7-u12');
    await operation.locator('button.execute').click();
    const live = operation.locator('.live-responses-table .response-col_description .highlight-code').first();
    await live.waitFor();
    expect(
      await operation.locator('.live-responses-table .response-col_status').nth(1).innerText(),
    ).toContain('200');
    expect(await live.innerText()).toContain('"third_method_sync"');
    expect(problems).toEqual([]);
  });

  it('has example values with which every listing works', async () => {
    (await service.http.post('/v1/nodes', { driver: 'fake-hardware', name: 'n1' })).expect(201);
    await documentedFleetCall(service.http, 'n1');
    const page = await browser.newPage();
    await page.goto(`${service.http.base}/`);
    expect(new URL(page.url()).pathname).toBe('/docs');
    await page.locator('.opblock').first().waitFor();
    for (const operation of await page.locator('.opblock').all()) {
      await operation.locator('.opblock-summary-control').click();
      await operation.locator('button.execute').click();
      const status = operation.locator('.live-responses-table .response-col_status').nth(1);
      await status.waitFor();
      expect(await status.innerText()).toContain('200');
    }
  });

  it('shows only the listings', async () => {
    const page = await browser.newPage();
    await page.goto(`${service.http.base}/docs`);
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock').count()).toBe(13);
  });
});
