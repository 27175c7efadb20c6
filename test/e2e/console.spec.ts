import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import { type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { digestOf } from '../../src/auth/files/callers-file.js';
import { startApp, type TestApp } from '../support/app.js';
import { startBrowser } from '../support/browser.js';
import { HttpClient } from '../support/http-client.js';
import { call, createNode, ended, jobOf, unlocked } from '../support/passthru.js';
import { Proxy } from '../support/proxy.js';
import { describeWithProgram } from '../support/require.js';
import { MARKUP, TOLD, told } from '../support/told-driver.js';
import { until } from '../support/until.js';

/** What opening a page finds: nothing may be wrong on any of them. */
interface Visit {
  readonly page: Page;
  readonly problems: string[];
}

const ON = { FERRULE_ENABLED_HARDWARE_TYPES: 'told' };

const LOW_CONTRAST = readFileSync(join(import.meta.dirname, '../support/low-contrast.js'), 'utf8');
const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const OUTLINE = 'getComputedStyle(document.activeElement).outlineStyle';
const FOCUSED =
  '`${document.activeElement.tagName.toLowerCase()} ${document.activeElement.textContent.trim()}`';

let browser: Browser;

async function visit(
  { http }: Pick<TestApp, 'http'>,
  hash = '',
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const page = await browser.newPage(options);
  // As `until`: many times what anything needs on a machine that is not busy.
  page.setDefaultTimeout(90_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  // Also violations of the Content-Security-Policy; Chromium reports any answer that is an error, too.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(http.base) && !request.url().startsWith('blob:'))
      problems.push(`a request to ${request.url()}`);
  });
  await page.goto(`${http.base}/console${hash}`);
  return { page, problems };
}

const heading = (page: Page, name: string): Locator => page.getByRole('heading', { level: 1, name });
const rowOf = (page: Page, text: string): Locator => page.getByRole('row').filter({ hasText: text });

describeWithProgram('chromium')('the console', () => {
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    browser = await startBrowser();
    app = await startApp(ON, TOLD);
    node = await createNode(app.http, {
      name: 'rack7-u12',
      driver: 'told',
      vendor_interface: 'told',
      description: MARKUP,
    });
    await createNode(app.http, { name: 'rack7-u13', driver: 'told', vendor_interface: 'told' });
    await app.http.put(`/v1/nodes/rack7-u13/maintenance`, { reason: `a fan ${MARKUP}` });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  it('shows the nodes, and a lock while a job holds it', async () => {
    const { page, problems } = await visit(app);
    await heading(page, 'Nodes').waitFor();
    const row = rowOf(page, 'rack7-u12');
    await row.getByText('free').waitFor();
    await rowOf(page, 'rack7-u13').getByText('in maintenance').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const job = jobOf(await call(app.http, node, 'tell'));
    await row.getByText('locked by cond-a').waitFor();
    await row.getByRole('link', { name: 'for a job' }).waitFor();
    await row.getByText('running').waitFor();
    await told.end({});
    await ended(app.http, job);
    await row.getByText('free').waitFor();
    await row.getByText('running').waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows the locks of all nodes of a page, however many others there are', async () => {
    const { page, problems } = await visit(app);
    await page.route('**/v1/locks**', (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('limit', '1');
      return route.continue({ url: url.href });
    });
    const rows = ['rack7-u12', 'rack7-u13'].map((name) => rowOf(page, name));
    for (const row of rows) await row.getByText('free').waitFor();
    const jobs: string[] = [];
    for (const name of ['rack7-u12', 'rack7-u13']) jobs.push(jobOf(await call(app.http, name, 'tell')));
    for (const row of rows) await row.getByRole('link', { name: 'for a job' }).waitFor();
    for (const job of jobs) await app.http.delete(job);
    for (const row of rows) await row.getByText('free').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('filters the nodes of a page by name, and opens the one that is named', async () => {
    const { page, problems } = await visit(app);
    await rowOf(page, 'rack7-u13').waitFor();
    const field = page.getByLabel('Name or UUID');
    await field.fill('U12');
    await page.getByText('1 of 2 nodes on this page.').waitFor();
    expect(await rowOf(page, 'rack7-u13').count()).toBe(0);
    await field.fill('rack7-u13');
    await field.press('Enter');
    await heading(page, 'rack7-u13').waitFor();
    await page.getByText(`yes: a fan ${MARKUP}`).waitFor();
    await page.goBack();
    await heading(page, 'Nodes').waitFor();
    await page.getByText('1 of 2 nodes on this page.').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows a job from its beginning to its end, live', async () => {
    const { page, problems } = await visit(app, '#/jobs');
    await heading(page, 'Jobs').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const path = jobOf(await call(app.http, node, 'tell'));
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'tell' }) })
      .first();
    await row.getByText('running').waitFor();
    await row.getByRole('link', { name: 'rack7-u12' }).waitFor();
    await told.report({ percent: 42, message: `half ${MARKUP}` });
    await row.getByText(`half ${MARKUP}`).waitFor();
    expect(await row.getByRole('progressbar', { name: 'Progress of tell' }).getAttribute('value')).toBe('42');
    await row.getByRole('link', { name: 'tell' }).click();
    await heading(page, 'tell').waitFor();
    await page.getByText(`42 %: half ${MARKUP}`).waitFor();
    await told.report({ percent: 90, message: 'nearly' });
    await page.getByText('90 %: nearly').waitFor();
    const reports = page.getByRole('heading', { name: 'Progress' }).locator('..').getByRole('listitem');
    const both = [`42 %: half ${MARKUP}`, '90 %: nearly'];
    expect(await reports.allInnerTexts()).toEqual(both);
    await told.end({ said: MARKUP });
    await ended(app.http, path);
    await page.getByText('succeeded', { exact: true }).waitFor();
    const result = await page.getByRole('region', { name: 'Result' }).innerText();
    expect(JSON.parse(result)).toEqual({ said: MARKUP });
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).not.toBe('broken into');
    expect(await page.locator('#news').innerText()).toBe('The job is succeeded.');
    // Also to whoever comes later.
    await page.reload();
    await page.getByRole('region', { name: 'Result' }).waitFor();
    expect(await reports.allInnerTexts()).toEqual(both);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('filters jobs, and keeps the filter in the address', async () => {
    await ended(app.http, jobOf(await call(app.http, node, 'file')));
    const { page, problems } = await visit(app, '#/jobs');
    await rowOf(page, 'file').first().waitFor();
    await page.getByLabel('Method').fill('file');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/method=file/);
    await page.reload();
    await rowOf(page, 'file').first().waitFor();
    expect(await page.getByRole('link', { name: 'tell' }).count()).toBe(0);
    await page.getByLabel('State').selectOption('failed');
    await page.getByRole('main').getByText('There are no such jobs.').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('cancels a job after a question', async () => {
    const path = jobOf(await call(app.http, node, 'tell'));
    const { page, problems } = await visit(app, `#/jobs/${path.split('/').at(-1)}`);
    const cancel = page.getByRole('button', { name: 'Cancel this job' });
    await cancel.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await cancel.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByText('cancelled', { exact: true }).waitFor();
    expect((await ended(app.http, path)).state).toBe('cancelled');
    expect(await cancel.isVisible()).toBe(false);
    await unlocked(app.http, node);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('has the methods of a node', async () => {
    const { page, problems } = await visit(app, '#/nodes/rack7-u12');
    await heading(page, 'rack7-u12').waitFor();
    const row = page.getByRole('row').filter({ hasText: `Report and end as told ${MARKUP}` });
    await row.getByText('exclusive').waitFor();
    await row.getByText('change').waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('asks for a node and its lock once for the changes of a second, and again after an error', async () => {
    const { page, problems } = await visit(app);
    await rowOf(page, 'rack7-u12').waitFor();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.goto(`${app.http.base}/console#/nodes/rack7-u12`);
    await heading(page, 'rack7-u12').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.clock.runFor(1_000);
    let isBusy = false;
    const asked: string[] = [];
    await page.route('**/v1/locks**', async (route) => {
      asked.push(new URL(route.request().url()).search);
      if (isBusy) await route.fulfill({ status: 503, json: { detail: 'Too many lists.' } });
      else await route.continue();
    });
    const job = jobOf(await call(app.http, node, 'tell'));
    for (const message of ['first', 'second', 'third']) {
      await told.report({ message });
      await rowOf(page, 'tell').getByText(message).waitFor();
    }
    expect(asked).toEqual([]);
    isBusy = true;
    await page.clock.runFor(1_000);
    await page.getByText('Disconnected, trying again').waitFor();
    await heading(page, 'rack7-u12').waitFor();
    expect(asked).toEqual([`?node=${node}`]);
    isBusy = false;
    await page.clock.runFor(15_000);
    await page.getByText('locked by cond-a').waitFor();
    await page.getByRole('link', { name: 'for a job' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(asked).toEqual([`?node=${node}`, `?node=${node}`]);
    await told.end({});
    await ended(app.http, job);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('gives the file of a job', async () => {
    const job = await ended(app.http, jobOf(await call(app.http, node, 'file')));
    const { page, problems } = await visit(app, `#/jobs/${job.id}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('told.txt');
    expect(readFileSync(await download.path(), 'utf8')).toBe('all is well\n');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('can be used with the keyboard alone', async () => {
    const path = jobOf(await call(app.http, node, 'tell'));
    const { page, problems } = await visit(app);
    await rowOf(page, 'rack7-u12').getByText('running').waitFor();
    const focused = (): Promise<unknown> => page.evaluate(FOCUSED);
    const tabTo = async (wanted: string): Promise<void> => {
      for (let count = 0; (await focused()) !== wanted; count++) {
        if (count > 40) throw new Error(`Tab does not come to ${wanted}, but to ${String(await focused())}.`);
        await page.keyboard.press('Tab');
      }
    };
    await tabTo('a Skip to the content');
    expect(await page.getByRole('link', { name: 'Skip to the content' }).isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('h1 Nodes');
    await tabTo('a tell');
    expect(await page.evaluate(OUTLINE)).toBe('solid');
    await page.keyboard.press('Enter');
    await heading(page, 'tell').waitFor();
    expect(await focused()).toBe('h1 tell');
    await tabTo('button Cancel this job');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('button Keep it');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('button Cancel this job');
    await page.keyboard.press('Space');
    await tabTo('button Cancel the job');
    await page.keyboard.press('Enter');
    expect((await ended(app.http, path)).state).toBe('cancelled');
    await page.locator('#connection', { hasText: /^$/ }).waitFor({ state: 'attached' });
    expect(problems).toEqual([]);
    await page.close();
  });

  it('goes on by itself after the connection was lost', async () => {
    const proxy = await Proxy.to({ host: '127.0.0.1', port: Number(new URL(app.http.base).port) });
    try {
      const { page } = await visit({ http: new HttpClient(`http://127.0.0.1:${proxy.port}`) }, '#/jobs');
      await page.getByText('Live', { exact: true }).waitFor();
      proxy.refuse();
      await page.getByText('Disconnected, trying again').waitFor();
      const job = await ended(app.http, jobOf(await call(app.http, node, 'file')));
      proxy.resume();
      await page.locator(`a[href="#/jobs/${job.id}"]`).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      await page.close();
    } finally {
      await proxy.close();
    }
  });

  it('goes on by itself if the list could not be loaded', async () => {
    const { page } = await visit(app);
    let lists = 0;
    // The first list of the page is loaded before it follows the jobs, the second one when it does.
    await page.route('**/v1/jobs?**', (route) => (++lists === 2 ? route.abort() : route.continue()));
    await page.goto(`${app.http.base}/console#/jobs`);
    await until(() => lists > 2);
    const job = await ended(app.http, jobOf(await call(app.http, node, 'file')));
    await page.locator(`a[href="#/jobs/${job.id}"]`).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.close();
  });

  it('says what does not exist', async () => {
    const { page } = await visit(app, '#/jobs/8b0a7c2e-95c1-4d0e-a3f1-1f4f6a0c7d21');
    await page.getByRole('alert').getByText('This does not exist, or you may not see it.').waitFor();
    await page.close();
  });

  const WIDTHS = [360, 768, 1280] as const;
  const THEMES = ['light', 'dark'] as const;
  it.each(WIDTHS)('fits %i px, with names for all controls and roles for all cells', async (width) => {
    const folder = process.env['FERRULE_TEST_SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'ferrule-console-'));
    mkdirSync(folder, { recursive: true });
    const running = jobOf(await call(app.http, node, 'tell'));
    await told.report({ percent: 42, message: 'writing the image, block 1234 of 2938' });
    const views = ['/nodes', '/jobs', '/nodes/rack7-u12', `/jobs/${running.split('/').at(-1)}`];
    for (const colorScheme of THEMES) {
      const { page, problems } = await visit(app, '', { viewport: { width, height: 800 }, colorScheme });
      for (const [index, view] of views.entries()) {
        await page.goto(`${app.http.base}/console#${view}`);
        await page.getByText('Live', { exact: true }).waitFor();
        await page.getByText('Loading').first().waitFor({ state: 'hidden' });
        await page.locator('.state.running').first().waitFor();
        expect([view, await page.evaluate(OVERFLOW)]).toEqual([view, 0]);
        expect([view, await page.evaluate(LOW_CONTRAST)]).toEqual([view, []]);
        const tree = await page.locator('body').ariaSnapshot();
        expect(tree).toMatch(index === 3 ? /progressbar "/ : /- (cell|rowheader) "/);
        expect(tree).not.toMatch(/- (button|link|textbox|combobox|progressbar|table|region)(:|$)/m);
        const file = join(folder, `${width}-${colorScheme}-${index}.png`);
        await page.screenshot({ path: file, fullPage: true });
        expect(statSync(file).size).toBeGreaterThan(5_000);
      }
      expect(problems).toEqual([]);
      await page.close();
    }
    await told.end({});
    await ended(app.http, running);
    if (process.env['FERRULE_TEST_SCREENSHOTS'] === undefined) rmSync(folder, { recursive: true });
  });
});

describeWithProgram('chromium')('the console of a service with authentication', () => {
  let app: TestApp;
  let folder: string;
  beforeAll(async () => {
    browser = await startBrowser();
    folder = mkdtempSync(join(tmpdir(), 'ferrule-console-'));
    const callers = [
      { name: 'reader', token: `sha256:${digestOf('reads')}`, roles: ['reader'], system: true },
      { name: 'nobody', token: `sha256:${digestOf('none')}`, roles: ['visitor'], project: 'p' },
    ];
    writeFileSync(join(folder, 'callers.yaml'), JSON.stringify({ callers }));
    writeFileSync(join(folder, 'htpasswd'), `ops:${hashSync('right', 4)}\n`);
    app = await startApp(
      {
        ...ON,
        FERRULE_AUTH: 'http_basic,token',
        FERRULE_CALLERS: join(folder, 'callers.yaml'),
        FERRULE_HTPASSWD: join(folder, 'htpasswd'),
      },
      TOLD,
    );
    const http = app.http.with({ Authorization: `Basic ${Buffer.from('ops:right').toString('base64')}` });
    await createNode(http, { name: 'rack7-u12', driver: 'told', vendor_interface: 'told' });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes a token, keeps it in the tab only, and forgets it', async () => {
    const { page, problems } = await visit(app);
    await page.getByRole('alert').getByText('The service wants to know who you are.').waitFor();
    const token = page.getByLabel('Token');
    await token.fill('wrong');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('alert').getByText('The token is not known').waitFor();
    await token.fill('reads');
    await token.press('Enter');
    await rowOf(page, 'rack7-u12').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.reload();
    await rowOf(page, 'rack7-u12').waitFor();
    const kept = '[localStorage.length, document.cookie, sessionStorage.length]';
    expect(await page.evaluate(kept)).toEqual([0, '', 1]);
    await page.getByRole('button', { name: 'Forget the token' }).click();
    await page.getByRole('alert').getByText('The service wants to know who you are.').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('says what a caller may not do', async () => {
    const { page } = await visit(app, '#/jobs');
    await page.getByLabel('Token').fill('none');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('alert').getByText('You may not see this.').waitFor();
    await page.close();
  });

  it('lets the browser ask for a password', async () => {
    const { page, problems } = await visit(app, '', {
      httpCredentials: { username: 'ops', password: 'right' },
    });
    await page.getByRole('button', { name: 'By password' }).click();
    await rowOf(page, 'rack7-u12').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });
});
