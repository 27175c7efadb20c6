import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { type Database } from '../../src/database/database.js';
import { testDatabase, type TestDatabase, urlOf } from '../support/database.js';
import { type Answer, type HttpClient } from '../support/http-client.js';
import { ended, jobOf } from '../support/passthru.js';
import { describeWithProgram } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { type Gate, WatchFile } from '../support/watch.js';
import { watchedNode } from './calls.js';

const MANY = 50;
const REPLAYED = 'idempotency-replayed';
const run = promisify(execFile);

describe('repeats of calls on two processes', () => {
  let place: TestDatabase;
  let database: Database;
  let directory: DataDirectory;
  let watch: WatchFile;
  let one: Service;
  let two: Service;
  let node: string;
  let id: string;
  let gate: Gate;
  beforeAll(async () => {
    [place, directory] = await Promise.all([testDatabase(), dataDirectory({ isNew: true })]);
    database = place.open();
    watch = new WatchFile(directory.path);
    [one, two] = await Promise.all([start('one'), start('two')]);
  });
  afterAll(async () => {
    await directory.dispose();
    await database.close();
    await place.drop();
  });
  beforeEach(async () => {
    if (one.hasEnded) one = await start('one');
    node = await watchedNode(two.http);
    id = randomUUID();
    gate = watch.gate();
  });

  function start(name: string, env: Readonly<Record<string, string>> = {}): Promise<Service> {
    return directory.start({
      ...watch.env,
      ...env,
      FERRULE_DATABASE_URL: urlOf(place.connection),
      FERRULE_HOSTNAME: name,
      FERRULE_LEASE: '3s',
      // Long enough for a call to wait for the lock until it is killed.
      FERRULE_LOCK_TRIES: '1000',
    });
  }

  function call(http: HttpClient, method: string, args: object = {}, key = id): Promise<Answer> {
    const path = `/v1/nodes/${node}/vendor_passthru/${method}`;
    return http.post(path, { id, ...args }, { headers: { 'Idempotency-Key': key } });
  }

  async function kill(service: Service): Promise<void> {
    await service.stop('SIGKILL');
    watch.killed(service.pid);
  }

  async function keys(): Promise<number> {
    return (await owners()).length;
  }

  /** The processes that run the calls of the keys, in the order of their creation. */
  async function owners(): Promise<string[]> {
    const text = 'select conductor_id::text as owner from idempotency_keys order by created_at, id';
    const rows = await database.query<{ owner: string | null }>({ name: 'owners', text }, []);
    return rows.map(({ owner }) => String(owner));
  }

  const begun = () => watch.begun().get(id) ?? 0;

  it.each([
    ['watch', 200],
    ['watch_job', 202],
  ] as const)('run once, if %s is asked for many times at once', async (method, status) => {
    const turns = Array.from({ length: MANY }, (_, turn) => (turn % 2 === 0 ? one : two));
    const answers = await Promise.all(turns.map(({ http }) => call(http, method, { milliseconds: 300 })));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
    const paths = answers.map(({ headers }) => new URL(headers.location ?? 'http://none').pathname);
    expect(new Set(answers.map(({ text }, place) => `${text} ${paths[place]}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers[REPLAYED] === undefined)).toHaveLength(1);
    if (answers[0] && status === 202) await ended(two.http, jobOf(answers[0]));
    expect(begun()).toBe(1);
  });

  it('have the answer that was stored before its process was killed', async () => {
    const first = (await call(one.http, 'watch')).expect(200);
    await kill(one);
    const again = (await call(two.http, 'watch')).expect(200);
    expect(again.bytes).toEqual(first.bytes);
    expect(again.headers[REPLAYED]).toBe('true');
    expect(begun()).toBe(1);
  });

  it('are told that the outcome is unknown, if the process was killed in the middle', async () => {
    const first = call(one.http, 'watch', { gate: gate.path }).catch(() => 'broken');
    await until(() => watch.has('begin', id));
    const waiting = call(two.http, 'watch', { gate: gate.path });
    await kill(one);
    expect(await first).toBe('broken');
    for (const answer of [await waiting, await call(two.http, 'watch', { gate: gate.path })]) {
      expect(answer.expect(500).fault.faultstring).toContain('The outcome of the call');
    }
    gate.open();
    expect(begun()).toBe(1);
    (await call(two.http, 'watch', {}, randomUUID())).expect(200);
  });

  it('get the job of a killed process', async () => {
    const job = jobOf(await call(one.http, 'watch_job', { gate: gate.path }));
    await kill(one);
    expect(jobOf(await call(two.http, 'watch_job', { gate: gate.path }))).toBe(job);
    gate.open();
    expect(['succeeded', 'outcome-unknown']).toContain((await ended(two.http, job)).state);
    expect(jobOf(await call(two.http, 'watch_job', { gate: gate.path }))).toBe(job);
    expect(begun()).toBe(1);
  });

  it('accept the job that a killed process had not accepted yet', async () => {
    const path = `/v1/nodes/${node}/vendor_passthru/watch`;
    const holder = two.http.post(path, { id: `holder of ${id}`, gate: gate.path });
    await until(() => watch.has('begin', `holder of ${id}`));
    const before = await keys();
    const waiting = call(one.http, 'watch_job').catch(() => 'broken');
    await until(async () => (await keys()) > before);
    await kill(one);
    expect(await waiting).toBe('broken');
    const repeated = call(two.http, 'watch_job');
    gate.open();
    (await holder).expect(200);
    expect((await ended(two.http, jobOf(await repeated))).state).toBe('succeeded');
    expect(begun()).toBe(1);
    expect(watch.breaches()).toEqual([]);
  });

  it('say that they get the job of another, also to the first one that had lost its lease', async () => {
    const path = `/v1/nodes/${node}/vendor_passthru/watch`;
    const holder = two.http.post(path, { id: `holder of ${id}`, gate: gate.path });
    await until(() => watch.has('begin', `holder of ${id}`));
    const before = await owners();
    const first = call(one.http, 'watch_job');
    await until(async () => (await owners()).length > before.length);
    const taken = await owners();
    one.kill('SIGSTOP');
    watch.asleep(one.pid);
    const repeated = call(two.http, 'watch_job');
    // The lease has ended, and the repeat takes the key over.
    await until(async () => (await owners()).join() !== taken.join());
    gate.open();
    (await holder).expect(200);
    const accepted = await repeated;
    one.kill('SIGCONT');
    const late = await first;
    expect([accepted, late].map((answer) => answer.status)).toEqual([202, 202]);
    expect(jobOf(late)).toBe(jobOf(accepted));
    expect([accepted, late].map(({ headers }) => headers[REPLAYED])).toEqual([undefined, 'true']);
    expect((await ended(two.http, jobOf(accepted))).state).toBe('succeeded');
    expect(begun()).toBe(1);
    const records = `/v1/audit?node=${node}&method=watch_job`;
    await until(async () => {
      const { audit } = (await two.http.get(records)).json<{ audit: { not_run?: string }[] }>();
      return audit.filter(({ not_run: notRun }) => notRun === 'replayed').length === 1;
    });
  });

  describeWithProgram('curl')('by curl', () => {
    it('get the answer, although the first one found no service', async () => {
      const port = new URL(one.http.base).port;
      await kill(one);
      const url = `${one.http.base}/v1/nodes/${node}/vendor_passthru/watch`;
      const sent = run('curl', [
        ...[
          '--silent',
          '--show-error',
          '--fail',
          '--retry',
          '60',
          '--retry-connrefused',
          '--retry-delay',
          '1',
        ],
        ...['--max-time', '60', '--header', `Idempotency-Key: ${id}`, '--json', JSON.stringify({ id }), url],
      ]);
      one = await start('one', { FERRULE_PORT: port });
      expect(JSON.parse((await sent).stdout)).toMatchObject({ id });
      expect(begun()).toBe(1);
    });
  });
});
