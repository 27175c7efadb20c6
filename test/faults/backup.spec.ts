import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { commandEnvironment } from '../support/command.js';
import { loadOnly } from '../support/backup.js';
import { testDatabase } from '../support/database.js';
import { type Answer, type HttpClient } from '../support/http-client.js';
import { call, createNode } from '../support/passthru.js';
import { isCopying, postmasterOf, signalTree } from '../support/processes.js';
import { describeOnlyWhere } from '../support/require.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');
const SILENCE = '5s';
const SILENT = /^Nothing was sent to PostgreSQL or received from it for 5 s/m;
/** Much more together than all buffers of a pipe, also when it is compressed. */
const LARGE_NODES = 12;
const LARGE = 400_000;

const idIn = ({ headers }: Answer): string => headers.location?.split('/').at(-1) ?? '';

interface Ended {
  readonly code: number | NodeJS.Signals | null;
  readonly stderr: string;
}

describeOnlyWhere(process.platform === 'linux', 'no /proc')('A backup', () => {
  let source: DataDirectory;
  let service: Service;
  let file: string;
  const places: DataDirectory[] = [];
  const running = new Set<ChildProcessWithoutNullStreams>();
  beforeAll(async () => {
    source = await dataDirectory();
    places.push(source);
    service = await source.start({ FERRULE_SHUTDOWN_TIMEOUT: '4s' });
    for (let turn = 0; turn < LARGE_NODES; turn++) {
      await createNode(service.http, { extra: { large: randomBytes(LARGE).toString('base64') } });
    }
    file = join(source.path, 'whole.backup');
    expect(await ended(ferrule(source, 'backup', file))).toMatchObject({ code: 0 });
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });
  afterAll(async () => {
    for (const place of places) await place.dispose();
  });

  async function newPlace(): Promise<DataDirectory> {
    const place = await dataDirectory({ isNew: true });
    places.push(place);
    return place;
  }

  const dataOf = (place: DataDirectory): string => join(place.path, 'data');

  function start(place: DataDirectory, program: string, ...args: string[]): ChildProcessWithoutNullStreams {
    const env = commandEnvironment({
      FERRULE_DATA_DIR: dataOf(place),
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
    });
    const child = spawn(program, args, { env });
    // It may end before it has read everything.
    child.stdin.on('error', () => {});
    running.add(child);
    return child;
  }

  const ferrule = (place: DataDirectory, ...args: string[]): ChildProcessWithoutNullStreams =>
    start(place, process.execPath, PROGRAM, ...args);

  /** Does not read its output. */
  async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return { code: child.exitCode ?? child.signalCode, stderr };
  }

  /** Restores the first half of the backup, and waits for more. */
  async function halfRestored(place: DataDirectory): Promise<ChildProcessWithoutNullStreams> {
    const child = ferrule(place, 'restore', '--timeout', SILENCE, '-');
    const bytes = readFileSync(file);
    child.stdin.write(bytes.subarray(0, bytes.length / 2));
    await until(() => existsSync(join(dataOf(place), 'postgres', 'postmaster.pid')));
    await until(() => isCopying(postmasterOf(dataOf(place))));
    return child;
  }

  async function nodesOf(http: HttpClient): Promise<number> {
    return (await http.get('/v1/nodes')).expect(200).json<{ nodes: unknown[] }>().nodes.length;
  }

  it('ends when PostgreSQL is frozen, and PostgreSQL and its service go on', async () => {
    const child = ferrule(source, 'backup', '--timeout', SILENCE, '-');
    const output = child.stdout;
    await once(output, 'readable');
    const postmaster = postmasterOf(dataOf(source));
    signalTree(postmaster, 'SIGSTOP');
    try {
      output.resume();
      expect(await ended(child)).toEqual({ code: 1, stderr: expect.stringMatching(SILENT) });
    } finally {
      signalTree(postmaster, 'SIGCONT');
    }
    await until(async () => (await service.http.get('/readyz')).status === 200);
    expect(await nodesOf(service.http)).toBe(LARGE_NODES);
  });

  it('ends when nobody reads its output', async () => {
    const child = ferrule(source, 'backup', '--timeout', SILENCE, '-');
    expect(await ended(child)).toEqual({ code: 1, stderr: expect.stringMatching(SILENT) });
  });

  it('whose file cannot grow any more leaves no file', async () => {
    const path = join(source.path, 'half.backup');
    const limited = 'ulimit -f 2048; trap "" XFSZ; exec "$@"';
    const child = start(source, 'sh', '-c', limited, 'sh', process.execPath, PROGRAM, 'backup', path);
    expect(await ended(child)).toEqual({
      code: 1,
      stderr: expect.stringContaining(`The file ${path} cannot be written: EFBIG`),
    });
    expect(readdirSync(source.path).filter((name) => name.includes('half'))).toEqual([]);
  });

  it('whose disk is frozen ends its restore', async () => {
    const place = await newPlace();
    const frozen = join(place.path, 'frozen');
    execFileSync('mkfifo', [frozen]);
    expect(await ended(ferrule(place, 'restore', '--timeout', '1s', frozen))).toEqual({
      code: 'SIGKILL',
      stderr: expect.stringContaining(`Nothing was read from ${frozen} for 1 s.`),
    });
    expect(readdirSync(place.path)).toEqual(['frozen']);
  });

  it('is restored by another run after one whose PostgreSQL was frozen, and one that was killed', async () => {
    const place = await newPlace();
    const frozen = await halfRestored(place);
    signalTree(postmasterOf(dataOf(place)), 'SIGSTOP');
    frozen.stdin.end(readFileSync(file).subarray(readFileSync(file).length / 2));
    expect(await ended(frozen)).toEqual({ code: 1, stderr: expect.stringMatching(SILENT) });

    const killed = await halfRestored(place);
    killed.kill('SIGKILL');
    await ended(killed);
    expect(await ended(ferrule(place, 'restore', file))).toMatchObject({ code: 0 });
    const { http } = await place.start();
    expect(await nodesOf(http)).toBe(LARGE_NODES);
    await place.stop();
  });

  it('is not served in part when its restore was killed', async () => {
    const place = await newPlace();
    const killed = await halfRestored(place);
    killed.kill('SIGKILL');
    await ended(killed);
    const { http } = await place.start();
    expect(await nodesOf(http)).toBe(0);
    await place.stop();
  });

  it('that is made while others write has everything that was acknowledged before, and locks and jobs agree', async () => {
    const { http } = service;
    const nodes: string[] = [];
    const long = (await call(http, await createNode(http), 'sleep', { seconds: 100 })).expect(202);
    const jobs = [idIn(long)];
    let isOver = false;
    const writers = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const node = await createNode(http);
        nodes.push(node);
        jobs.push(idIn((await call(http, node, 'sleep', { seconds: 0.05 })).expect(202)));
      }
    });
    const written = join(source.path, 'written.backup');
    try {
      await until(() => jobs.length > 20);
      const before = [...nodes];
      const jobsBefore = [...jobs];
      expect(await ended(ferrule(source, 'backup', written))).toMatchObject({ code: 0 });
      expect(jobs.length).toBeGreaterThan(jobsBefore.length);
      isOver = true;
      await Promise.all(writers);
      await compare(written, before, jobsBefore);
    } finally {
      isOver = true;
      await Promise.allSettled(writers);
    }
  });

  async function compare(path: string, nodes: readonly string[], jobs: readonly string[]): Promise<void> {
    const place = await testDatabase();
    const database = place.open();
    let statements = 0;
    const sql = (text: string) => database.query<{ key: string }>({ name: `test-${statements++}`, text }, []);
    try {
      await sql('drop schema public cascade');
      await sql('create schema public');
      // As it is in the file: nothing is settled.
      await loadOnly(place.connection, gunzipSync(readFileSync(path)));
      const keys = async (statement: string) => (await sql(statement)).map(({ key }) => key);
      expect(await keys('select uuid::text as key from nodes')).toEqual(expect.arrayContaining([...nodes]));
      expect(await keys('select id::text as key from jobs')).toEqual(expect.arrayContaining([...jobs]));
      const open = await keys(
        `select id::text as key from jobs where state in ('queued', 'running') order by id`,
      );
      const held = await keys(
        `select jobs.id::text as key from jobs join reservations on token = reservation_token
           and job_id = jobs.id and reservations.node_id = jobs.node_id order by jobs.id`,
      );
      expect(open).toContain(jobs[0]);
      expect(held).toEqual(open);
      expect(await keys('select job_id::text as key from reservations where token is not null')).toHaveLength(
        open.length,
      );
    } finally {
      await database.close();
      await place.drop();
    }
  }
});
