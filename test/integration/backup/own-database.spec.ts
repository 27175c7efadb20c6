import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { recordsOf, verify } from '../../../src/audit/chain.js';
import { type Database } from '../../../src/database/database.js';
import { type NewJobRow } from '../../../src/database/transitions/accept.js';
import { backUp, loadOnly } from '../../support/backup.js';
import { type TestDatabase, testDatabase, urlOf } from '../../support/database.js';
import { ferruleHere } from '../../support/ferrule-here.js';
import { endOf, newJob, TransitionStage } from '../transitions/stage.js';

describe('A database of one’s own', () => {
  let stage: TransitionStage;
  let target: TestDatabase;
  let database: Database;
  let folder: string;
  /** In the order of their ids. */
  let jobs: readonly NewJobRow[];
  beforeAll(async () => {
    stage = await TransitionStage.create();
    folder = mkdtempSync(join(tmpdir(), 'ferrule-own-'));
    const queued = newJob(await stage.newNode());
    await stage.acceptAll(queued);
    const running = await stage.running(await stage.newNode());
    jobs = [queued, running].sort((one, other) => (one.id < other.id ? -1 : 1));
  });
  beforeEach(async () => {
    target = await testDatabase();
    database = target.open();
    await sql('drop schema public cascade');
    await sql('create schema public');
  });
  afterEach(async () => {
    await database.close();
    await target.drop();
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true });
  });

  const sql = (text: string) =>
    database.query<Record<string, unknown>>({ name: `test-${text}`.slice(0, 60), text }, []);

  async function assertSettled(): Promise<void> {
    expect(await sql('select state from jobs')).toEqual(jobs.map(() => ({ state: 'outcome-unknown' })));
    expect(await sql('select from conductors')).toEqual([]);
    expect(await sql('select from reservations where token is not null or fence < 1000000000')).toEqual([]);
    const ended: unknown[] = [];
    for await (const { record } of recordsOf(database)) ended.push(JSON.parse(record));
    expect(ended).toEqual(
      jobs.map((job) => ({
        ...endOf(job, 'outcome-unknown', 'RestoredFromBackup'),
        found: undefined,
      })),
    );
    expect(await verify(database)).toMatchObject({ isWhole: true, count: 2 });
  }

  it('gets a backup, with the jobs that it ended in the audit, and refuses a second one', async () => {
    const file = join(folder, 'ferrule.backup');
    writeFileSync(file, gzipSync((await backUp(stage.temporary.connection)).bytes));
    const env = { FERRULE_DATABASE_URL: urlOf(target.connection) };
    const { code, printed } = await ferruleHere(['restore', file], env);
    expect([code, printed.join('\n')]).toEqual([0, expect.stringContaining('2 jobs that were open ended')]);
    await assertSettled();
    const again = await ferruleHere(['restore', file], env);
    expect(again).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('There is a database already'),
    });
  });

  describe('that pg_restore filled', () => {
    const settle = (...args: string[]) =>
      ferruleHere(['restore', '--settle', ...args], { FERRULE_DATABASE_URL: urlOf(target.connection) });
    beforeEach(async () => loadOnly(target.connection, (await backUp(stage.temporary.connection)).bytes));

    const released = () => sql(`update conductors set expires_at = now() - interval '1 second'`);

    it('is settled by restore --settle', async () => {
      await released();
      const { code, printed, complaints } = await settle();
      expect([code, printed.join('\n')]).toEqual([0, expect.stringContaining('2 jobs that were open ended')]);
      expect(complaints).toContain('two would use the same BMCs');
      await assertSettled();
    });

    it('keeps queued jobs if asked to', async () => {
      await released();
      expect(await settle('--keep-queued')).toMatchObject({ code: 0 });
      expect(await sql('select state from jobs order by state')).toEqual([
        { state: 'outcome-unknown' },
        { state: 'queued' },
      ]);
    });

    it('is left alone while a process uses it', async () => {
      const before = await sql('select id, state from jobs order by id');
      expect(await settle()).toMatchObject({
        code: 1,
        complaints: expect.stringContaining('in use: the lease of cond-a, cond-b lasts until'),
      });
      expect(await sql('select id, state from jobs order by id')).toEqual(before);
      expect(await sql('select count(*)::int as count from conductors')).toEqual([{ count: 2 }]);
    });
  });

  it('is asked for by name, and has no file', async () => {
    const env = { FERRULE_DATA_DIR: join(folder, 'none') };
    expect(await ferruleHere(['restore', '--settle'], env)).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('FERRULE_DATABASE_URL'),
    });
    for (const args of [['restore'], ['restore', '--settle', 'file']]) {
      expect(await ferruleHere(args, env)).toMatchObject({ code: 2 });
    }
  });
});
