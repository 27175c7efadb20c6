import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type CommandResult, runCommand } from '../support/command.js';
import { call, ended, fields, jobOf, readJob, unlocked, watchedNode } from '../support/passthru.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

const PROGRAM = resolve(import.meta.dirname, '../../bin/ferrule.mjs');

describe('ferrule backup and ferrule restore', () => {
  let source: DataDirectory;
  let watch: WatchFile;
  let env: Readonly<Record<string, string>>;
  let service: Service;
  let file: string;
  const places: DataDirectory[] = [];

  beforeAll(async () => {
    source = await dataDirectory();
    places.push(source);
    watch = new WatchFile(source.path);
    env = { ...watch.env, FERRULE_CONDUCTOR_CONCURRENCY: '1', FERRULE_SHUTDOWN_TIMEOUT: '4s' };
    service = await source.start(env);
    file = join(source.path, 'ferrule.backup');
  });
  afterAll(async () => {
    for (const place of places) await place.dispose();
  });

  async function newPlace(): Promise<DataDirectory> {
    const place = await dataDirectory({ isNew: true });
    places.push(place);
    return place;
  }

  const ferrule = (place: DataDirectory, ...args: string[]): Promise<CommandResult> =>
    runCommand(process.execPath, [PROGRAM, ...args], { ...env, FERRULE_DATA_DIR: join(place.path, 'data') });

  it('carry nodes and jobs to another machine, and no job is run by both unless asked for', async () => {
    const [busy, waiting] = [await watchedNode(service.http), await watchedNode(service.http)];
    const gate = watch.gate();
    const running = jobOf(await call(service.http, busy, 'watch_job', { id: 'running', gate: gate.path }));
    await until(() => watch.has('begin', 'running'));
    const queued = jobOf(await call(service.http, waiting, 'watch_job', { id: 'queued' }));

    const made = await ferrule(source, 'backup', file);
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Backed up to .*\. Rows: .*\bnodes 2\b.*\bjobs 2\b/),
      stderr: expect.stringContaining('contains the secrets'),
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(source.path).filter((name) => name.includes('.partial'))).toEqual([]);
    expect((await readJob(service.http, queued)).state).toBe('queued');
    service.kill('SIGKILL');
    await service.ended();
    watch.killed(service.pid);

    const elsewhere = await newPlace();
    expect(await ferrule(elsewhere, 'restore', file)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^Restored the backup of .*2 jobs that were open ended as outcome-unknown/s,
      ),
    });
    const { http } = await elsewhere.start(env);
    for (const job of [running, queued]) {
      expect(await readJob(http, job)).toMatchObject({
        state: 'outcome-unknown',
        error: { code: 'RestoredFromBackup' },
      });
    }
    await unlocked(http, busy);
    expect(await fields(http, busy, 'last_error')).toEqual({
      last_error: expect.stringMatching(/^Async execution of watch_job failed with error: The job was open/),
    });
    expect((await call(http, busy, 'watch', { id: 'after' })).status).toBe(200);
    await elsewhere.stop();

    const moved = await newPlace();
    expect((await ferrule(moved, 'restore', '--keep-queued', file)).code).toBe(0);
    const second = await moved.start(env);
    expect(await ended(second.http, queued)).toMatchObject({ state: 'succeeded' });
    expect(await readJob(second.http, running)).toMatchObject({ state: 'outcome-unknown' });
    await moved.stop();
    expect(Object.fromEntries(watch.begun())).toEqual({ running: 1, after: 1, queued: 1 });
    expect(watch.breaches()).toEqual([]);
  });

  it('write over no file, and restore over no database', async () => {
    const again = await ferrule(source, 'backup', file);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is a file .* already/) });
    const refused = await ferrule(source, 'restore', file);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^There is a database already/) });
  });

  it('say what is wrong with a file, before they make a database', async () => {
    const empty = await newPlace();
    expect(await ferrule(empty, 'restore', PROGRAM)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /is not a backup by Ferrule, or it is damaged: .*\. Nothing was restored/,
      ),
    });
    expect(await ferrule(empty, 'restore', join(empty.path, 'missing'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The backup cannot be read: ENOENT/),
    });
    expect(await ferrule(empty, 'backup', join(empty.path, 'backup'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no database in /),
    });
    expect(readdirSync(empty.path)).toEqual([]);
  });

  it('say what is wrong with a file that is damaged behind its header', async () => {
    const damaged = join(source.path, 'damaged.backup');
    const bytes = gunzipSync(readFileSync(file));
    // The first part is a kind, a length of four bytes, and so many bytes; most of the rest is not read yet.
    const header = bytes.subarray(0, 5 + bytes.readUInt32BE(1));
    writeFileSync(damaged, gzipSync(Buffer.concat([header, Buffer.from('?'), randomBytes(1 << 20)])));
    const place = await newPlace();
    expect(await ferrule(place, 'restore', damaged)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /or it is damaged: it has a part of an unknown kind\. Nothing was restored/,
      ),
    });
    // Its PostgreSQL has ended.
    expect(readdirSync(join(place.path, 'data', 'members'))).toEqual([]);
  });

  it('leave a database of one’s own to the means of PostgreSQL', async () => {
    env = { ...env, FERRULE_DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' };
    const { code, stderr } = await ferrule(source, 'backup', file);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/FERRULE_DATABASE_URL is set.*pg_dump/)]);
    expect(stderr).not.toContain('hunter2');
  });
});
