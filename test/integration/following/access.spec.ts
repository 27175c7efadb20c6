import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser } from 'playwright-core';
import { startApp, type TestApp } from '../../support/app.js';
import { startBrowser } from '../../support/browser.js';
import { EventClient } from '../../support/event-client.js';
import { call, createNode, ended, jobOf, type JobDocument } from '../../support/passthru.js';
import { describeWithProgram } from '../../support/require.js';
import { until } from '../../support/until.js';

const tokenOf = (name: string) => `token-of-${name}-0123456789`;
const as = (name: string) => ({ Authorization: `Bearer ${tokenOf(name)}` });

describe('streams of jobs and who may see them', () => {
  let folder: string;
  let app: TestApp;
  const streams: EventClient[] = [];

  const useCallers = (names: readonly string[]) => {
    const callers = names.map((name) => ({
      name,
      token: `sha256:${createHash('sha256').update(tokenOf(name)).digest('hex')}`,
      ...(name === 'admin' ? { roles: ['admin'], system: true } : { roles: ['manager'], project: name }),
    }));
    return writeFile(join(folder, 'callers.yaml'), JSON.stringify({ callers }));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-streams-'));
    await useCallers(['admin', 'team-a', 'team-b']);
    app = await startApp({ FERRULE_AUTH: 'token', FERRULE_CALLERS: join(folder, 'callers.yaml') });
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  async function follow(name: string, path = '/v1/events'): Promise<EventClient> {
    const stream = await EventClient.open(`${app.http.base}${path}`, as(name));
    streams.push(stream);
    return stream.begun();
  }

  const jobs = (stream: EventClient) => stream.events.map(({ data }) => data as JobDocument);

  it('have the jobs of the nodes that the caller sees, as it sees them, until its credentials are not accepted', async () => {
    const [admin, a, b] = [await follow('admin'), await follow('team-a'), await follow('team-b')];
    const http = app.http.with(as('admin'));
    const node = await createNode(http, { owner: 'team-a' });
    const path = jobOf(await call(http, node, 'report_progress', { steps: 2 }));
    await ended(http, path);
    await until(() => [admin, a].every((stream) => jobs(stream).some(({ state }) => state === 'succeeded')));
    expect(jobs(admin).at(-1)?.result).toEqual({ steps: 2 });
    const { progress_lines: lines, ...shown } = (await app.http.get(path, { headers: as('team-a') }))
      .expect(200)
      .json<JobDocument>();
    expect(jobs(a).at(-1)).toEqual(shown);
    expect(JSON.stringify(shown)).toContain('Hidden');
    const hidden = expect.stringContaining('Hidden');
    expect(lines).toMatchObject([50, 100].map((percent) => ({ percent, message: hidden })));

    await useCallers(['admin', 'team-b']);
    await until(async () => (await app.http.get('/v1/jobs', { headers: as('team-a') })).status === 401);
    const later = jobOf(await call(http, node, 'report_progress', {}));
    await ended(http, later);
    await until(() => a.isOver);
    await until(() => jobs(admin).some(({ id, state }) => later.endsWith(id) && state === 'succeeded'));
    expect(jobs(a).filter(({ id }) => later.endsWith(id))).toEqual([]);
    expect(b.events).toEqual([]);
    expect(b.isOver).toBe(false);
  });

  it('are as many for each caller that others can follow, too', async () => {
    const many = await Promise.all(Array.from({ length: 100 }, () => follow('team-b')));
    const ask = async () => {
      const stream = await EventClient.open(`${app.http.base}/v1/events`, as('team-b'));
      streams.push(stream);
      return stream.response.statusCode;
    };
    expect(await ask()).toBe(503);
    await follow('admin');
    many[0]?.close();
    await until(async () => (await ask()) === 200);
  });

  it('keep no changes for a client that stops reading, which then gets the states of that time', async () => {
    const open = async () => {
      const stream = await EventClient.open(`${app.http.base}/v1/events`, as('admin'));
      streams.push(stream);
      return stream.begun();
    };
    const [paused, reading] = [await open(), await open()];
    paused.response.pause();
    // More than the buffers of a connection hold.
    const insert =
      'insert into jobs (id, state, driver, vendor_interface, method, http_method, request_id, result, finished_at) ' +
      "select gen_random_uuid(), 'succeeded', 'd', 'v', 'm', 'POST', 'req', to_json(repeat('x', 1000000)), now() returning id";
    const ids: string[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const [row] = await app.database.query<{ id: string }>({ name: 'test-large-job', text: insert }, []);
      ids.push(row?.id ?? '');
    }
    const last = ids.at(-1) ?? '';
    const conductors = ({ events }: EventClient) =>
      events
        .map(({ data }) => data as JobDocument)
        .flatMap(({ id, conductor }) => (id === last ? [conductor] : []));
    const change = { name: 'test-change', text: 'update jobs set conductor = $2 where id = $1' };
    for (let turn = 1; turn <= 10; turn++) {
      await app.database.query(change, [last, `turn-${turn}`]);
      await until(() => conductors(reading).includes(`turn-${turn}`));
    }
    paused.response.resume();
    await until(() => ids.every((id) => paused.events.some(({ data }) => (data as JobDocument).id === id)));
    expect(conductors(paused)).toEqual(['turn-10']);
  });
});

describeWithProgram('chromium')('EventSource of a browser', () => {
  let app: TestApp;
  let browser: Browser;
  beforeAll(async () => {
    [app, browser] = [await startApp(), await startBrowser()];
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  it('gets the states of a job, and comes back no more after its end', async () => {
    const path = jobOf(await call(app.http, await createNode(app.http), 'report_progress', { steps: 3 }));
    const page = await browser.newPage();
    await page.goto(`${app.http.base}/docs`);
    const seen = await page.evaluate<string[]>(`new Promise((resolve) => {
      const states = [];
      const source = new EventSource('${path}/events');
      source.onmessage = ({ data }) => states.push(JSON.parse(data).state);
      source.onerror = () => source.readyState === EventSource.CLOSED && resolve(states);
    })`);
    expect(seen.at(-1)).toBe('succeeded');
    expect(new Set(seen).size).toBe(seen.length);
  });
});
