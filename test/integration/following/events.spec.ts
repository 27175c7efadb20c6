import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { createApp, listen } from '../../../src/app.module.js';
import { type Database } from '../../../src/database/database.js';
import { Lifecycle } from '../../../src/lifecycle/lifecycle.js';
import { setUp } from '../../../src/setup.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { EventClient } from '../../support/event-client.js';
import { HttpClient } from '../../support/http-client.js';
import { call, createNode, ended, jobOf, readJob, watchedNode } from '../../support/passthru.js';
import { testServerFolder } from '../../support/server-folder.js';
import { until } from '../../support/until.js';

interface Process {
  readonly app: NestExpressApplication;
  readonly http: HttpClient;
  readonly database: Database;
}

const STATES = ['queued', 'running', 'succeeded'];

describe('events of jobs', () => {
  let place: TestDatabase;
  let one: Process;
  let two: Process;
  const clients: EventClient[] = [];

  beforeAll(async () => {
    place = await testDatabase();
    [one, two] = [await start('one'), await start('two')];
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(async () => {
    await stop(one);
    await stop(two);
    await place.drop();
  });

  async function start(name: string): Promise<Process> {
    const database = place.open();
    const setup = await setUp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,watched-hardware',
      FERRULE_DRIVER_ROOT: resolve(import.meta.dirname, '../../fixtures'),
      FERRULE_DATA_DIR: testServerFolder(),
      FERRULE_HOSTNAME: name,
    });
    const app = await createApp(setup, database);
    app.useLogger(false);
    await listen(app, { port: 0, host: '127.0.0.1' });
    return { app, database, http: new HttpClient(await app.getUrl()) };
  }

  async function stop({ app, http, database }: Process): Promise<void> {
    http.close();
    await app.close();
    await database.close();
  }

  async function open({ http }: Process, path: string, lastId?: string): Promise<EventClient> {
    const client = await EventClient.open(
      `${http.base}${path}`,
      lastId === undefined ? {} : { 'Last-Event-ID': lastId },
    );
    clients.push(client);
    return client;
  }

  const begin = async (milliseconds = 5): Promise<string> =>
    jobOf(await call(one.http, await watchedNode(one.http), 'watch_job', { milliseconds }));

  const ofJob = (client: EventClient, path: string) =>
    client.events.filter(({ data }) => path.endsWith((data as { id: string }).id));

  it('come in all processes, each with the job as it is then', async () => {
    const streams = [await open(one, '/v1/events'), await open(two, '/v1/events')];
    for (const stream of streams) {
      expect(stream.response.statusCode).toBe(200);
      expect(stream.response.headers['content-type']).toBe('text/event-stream');
      await stream.begun();
    }
    const path = await begin();
    const job = await ended(two.http, path);
    for (const stream of streams) {
      await until(() =>
        ofJob(stream, path).some(({ data }) => (data as { state: string }).state === 'succeeded'),
      );
      const own = ofJob(stream, path);
      expect(own.at(-1)?.data).toEqual({
        ...job,
        progress_lines: undefined,
        links: expect.anything() as unknown,
      });
      const order = own.map(({ data }) => STATES.indexOf((data as { state: string }).state));
      expect(order).toEqual([...order].sort());
      expect(new Set(own.map(({ id }) => id)).size).toBe(own.length);
    }
  });

  it('of one job begin with its state and end with its end, and a client that has it all hears that there is no more', async () => {
    const path = await begin(60);
    const stream = await open(two, `${path}/events`);
    await until(() => stream.isOver);
    expect(stream.states.at(-1)).toBe('succeeded');
    expect(stream.events.at(-1)?.data).toEqual({
      ...(await readJob(two.http, path)),
      progress_lines: undefined,
    });
    expect(
      (await two.http.get(`${path}/events`, { headers: { 'Last-Event-ID': stream.lastId } })).status,
    ).toBe(204);
    const again = await open(one, `${path}/events`);
    await until(() => again.isOver);
    expect(again.states).toEqual(['succeeded']);
  });

  it('go on after Last-Event-ID, and miss and repeat nothing', async () => {
    const before = await (await open(one, '/v1/events')).begun();
    const paths = await Promise.all(Array.from({ length: 20 }, () => begin()));
    await until(() => before.events.length > 5);
    before.close();
    for (const path of paths) await ended(one.http, path);
    const seen = before.events.map(({ id, data }) => ({ id, data }));
    let { lastId } = before;
    // Clients that leave after each event, in turn in both processes.
    for (let turn = 0; turn < 200 && !finished(seen, paths); turn++) {
      const client = await open(turn % 2 === 0 ? two : one, '/v1/events', lastId);
      await until(() => client.events.length > 0 || (client.lastId !== '' && finished(seen, paths)));
      const [next] = client.events;
      if (next) {
        seen.push(next);
        lastId = next.id;
      }
      client.close();
    }
    for (const path of paths) {
      const own = seen.filter(({ data }) => path.endsWith((data as { id: string }).id));
      expect((own.at(-1)?.data as { state: string }).state).toBe('succeeded');
      const texts = own.map(({ data }) => JSON.stringify(data));
      expect(new Set(texts).size).toBe(texts.length);
    }
    const rest = await (await open(two, '/v1/events', lastId)).begun();
    const last = await begin();
    await until(() => ofJob(rest, last).length > 0);
    expect(rest.events.length).toBe(ofJob(rest, last).length);
  });

  function finished(seen: readonly { data: unknown }[], paths: readonly string[]): boolean {
    return paths.every((path) =>
      seen.some(({ data }) => {
        const { id, state } = data as { id: string; state: string };
        return path.endsWith(id) && state === 'succeeded';
      }),
    );
  }

  it('can be those of a node, a driver, a method and a state', async () => {
    const node = await createNode(one.http);
    const query = `node=${node}&driver=fake-hardware&method=report_progress&state=succeeded`;
    const stream = await (await open(one, `/v1/events?${query}`)).begun();
    const other = await begin();
    await ended(one.http, other);
    const path = jobOf(await call(one.http, node, 'report_progress', { steps: 1 }));
    await until(() => stream.events.length > 0);
    expect(stream.events.map(({ data }) => (data as { id: string }).id)).toEqual([path.split('/').at(-1)]);
    (await one.http.get('/v1/events?state=odd')).expect(400);
    (await one.http.get('/v1/events?node=no-such-node')).expect(404);
  });

  it.each(['nonsense', '7:7:', 'x'.repeat(500), '3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10;5:5:'])(
    'tell a client with an id that is not known (%#) to read the jobs again',
    async (id) => {
      const stream = await open(one, '/v1/events', id);
      await until(() => stream.events.length > 0);
      expect(stream.events[0]?.name).toBe('reset');
      const path = await begin();
      await until(() => ofJob(stream, path).length > 0);
    },
  );

  it('tell all clients so when the database has another history', async () => {
    const all = await (await open(one, '/v1/events')).begun();
    const path = await begin(60_000);
    const single = await open(two, `${path}/events`);
    await until(() => single.events.length > 0);
    await one.database.query({ name: 'test-history', text: 'delete from job_history' }, []);
    await until(() => all.events.some(({ name }) => name === 'reset'));
    (await one.http.delete(path)).expect(202);
    await until(() => single.isOver);
    expect([single.states.at(-1), single.events.some(({ name }) => name === 'reset')]).toEqual([
      'cancelled',
      false,
    ]);
  });

  it('are 404 for a job that is not there', async () => {
    (await one.http.get('/v1/jobs/3f0c1b1e-7a52-4f0e-9d38-0a7c4d5e6f10/events')).expect(404);
    (await one.http.get('/v1/jobs/x/events')).expect(404);
  });

  it('come to curl', async () => {
    const path = await begin(20);
    const { stdout } = await promisify(execFile)('curl', [
      '-sN',
      '--max-time',
      '60',
      `${two.http.base}${path}/events`,
    ]);
    expect(stdout).toMatch(/^retry: \d+\n\n/);
    expect(stdout).toMatch(/\nid: \S+\ndata: \{.*"state":"succeeded".*\}\n\n$/);
  });

  it('end when the service stops', async () => {
    const three = await start('three');
    const stream = await (await open(three, '/v1/events')).begun();
    three.app.get(Lifecycle).drain();
    await until(() => stream.isOver);
    (await three.http.get('/v1/events')).expect(503);
    await stop(three);
  });
});
