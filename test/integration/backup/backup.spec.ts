import { randomUUID } from 'node:crypto';
import { jsonFrame } from '../../../src/database/backup/frames.js';
import { migrate } from '../../../src/database/migrate.js';
import { MIGRATIONS } from '../../../src/database/migrations/index.js';
import { backUp, restore, SETTLING } from '../../support/backup.js';
import { type TestDatabase, testDatabase } from '../../support/database.js';
import { newJob, TransitionStage } from '../transitions/stage.js';

/** Every byte, and what the text format of COPY escapes. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const TEXT = 'tab\t newline\n return\r backslash\\ \\N \\. "quotes" {brace} żółć 🔩';

describe('A backup', () => {
  let stage: TransitionStage;
  let target: TestDatabase;
  beforeAll(async () => {
    stage = await TransitionStage.create();
    target = await testDatabase();
  });
  beforeEach(() => empty());
  afterAll(async () => {
    await target.drop();
    await stage.close();
  });

  async function empty(): Promise<void> {
    await inTarget('drop schema public cascade');
    await inTarget('create schema public');
  }

  async function inTarget(text: string): Promise<Record<string, unknown>[]> {
    const database = target.open();
    try {
      return await database.query({ name: 'test-backup', text }, []);
    } finally {
      await database.close();
    }
  }

  it('has all rows as they were, and the values of the sequences', async () => {
    const node = await stage.newNode();
    await stage.sql('update nodes set name = $2, description = $3, driver_info = $4 where id = $1', [
      node.id,
      `name-${node.id}`,
      TEXT,
      JSON.stringify({ password: TEXT }),
    ]);
    const job = newJob(null);
    await stage.acceptAll(job);
    await stage.sql(`update jobs set state = 'running' where id = $1`, [job.id]);
    await stage.sql(`update jobs set state = 'succeeded', finished_at = now() where id = $1`, [job.id]);
    await stage.sql('insert into job_attachments values ($1, $2, null, $3)', [job.id, 'a/b', BYTES]);
    const line = 'job_id, attempt, number, at, percent, message';
    await stage.sql(`insert into job_progress (${line}) values ($1, 2, 103, now(), 1 / 3.0, 'a third')`, [
      job.id,
    ]);
    const lines = await stage.sql(`select ${line}, slot from job_progress`);
    const deleted = await stage.newNode();
    await stage.sql('delete from nodes where id = $1', [deleted.id]);
    const columns = 'description, driver_info::text, created_at';
    const before = await stage.sql(`select ${columns} from nodes where id = $1`, [node.id]);

    await stage.sql(
      `select audit_append(array['{"node":"a","action":"x"}', '{"node":"b","action":"x"}'], array['x', 'x'], array['a', 'b'], array[null, null])`,
    );
    const chain = 'select seq, node, action, hash from audit order by seq';
    const audit = await stage.sql(chain);
    const { bytes, tables } = await backUp(stage.temporary.connection);
    expect(tables.find(({ table }) => table === 'job_attachments')?.rows).toBe(1);
    await restore(target.connection, bytes);

    expect(await inTarget(`select ${columns} from nodes where id = ${node.id}`)).toEqual(before);
    expect(audit).toHaveLength(2);
    expect(await inTarget(chain)).toEqual(audit);
    await expect(inTarget('delete from audit')).rejects.toThrow('only added to');
    expect(await inTarget('select body from job_attachments')).toEqual([{ body: BYTES }]);
    expect(lines).toMatchObject([{ slot: 3 }]);
    expect(await inTarget(`select ${line}, slot from job_progress`)).toEqual(lines);
    expect(await inTarget('select number from schema_migrations')).toHaveLength(MIGRATIONS.length);
    expect(await inTarget(`select nextval('nodes_id_seq') as next`)).toEqual([
      { next: String(Number(deleted.id) + 1) },
    ]);
  });

  it('is of one moment', async () => {
    const { id } = await stage.newNode();
    const { bytes } = await backUp(stage.temporary.connection, async () => {
      await stage.sql('delete from nodes where id = $1', [id]);
    });
    await restore(target.connection, bytes);
    expect(await inTarget(`select id from nodes where id = ${id}`)).toEqual([{ id }]);
  });

  it('has locks and open jobs that are nobody else’s after it was restored', async () => {
    const [busy, waiting] = [await stage.newNode(), await stage.newNode()];
    const [held, free] = [await stage.newNode(), await stage.newNode()];
    const running = await stage.running(busy);
    const queued = newJob(waiting);
    await stage.acceptAll(queued);
    await stage.sql(
      `insert into reservations (node_id, token, fence, holder, purpose, since, conductor_id)
       values ($1, $2, 7, 'cond-a', 'request:x', now(), $3)`,
      [held.id, randomUUID(), stage.conductor.id],
    );
    const { bytes } = await backUp(stage.temporary.connection);
    expect(await restore(target.connection, bytes)).toBe(2);

    const ids = `('${running.id}', '${queued.id}')`;
    const ended = { state: 'outcome-unknown', args: {}, code: 'RestoredFromBackup' };
    const columns = `state, args, error->>'code' as code`;
    expect(await inTarget(`select ${columns} from jobs where id in ${ids}`)).toEqual([ended, ended]);
    expect(await inTarget('select from conductors')).toEqual([]);
    expect(await inTarget('select from reservations where token is not null')).toEqual([]);
    const nodes = `(${[busy, waiting, held, free].map(({ id }) => id).join()})`;
    expect(
      await inTarget(`select fence from reservations where node_id in ${nodes} order by node_id`),
    ).toEqual(['1000000001', '1000000001', '1000000007', '1000000000'].map((fence) => ({ fence })));
    const note = { last_error: `work ended: ${SETTLING.message}` };
    expect(await inTarget(`select last_error from nodes where id in ${nodes} order by id`)).toEqual([
      note,
      note,
      { last_error: null },
      { last_error: null },
    ]);
  });

  it('keeps queued jobs with their locks, if asked to', async () => {
    const node = await stage.newNode();
    const queued = newJob(node);
    await stage.acceptAll(queued);
    const { bytes } = await backUp(stage.temporary.connection);
    await restore(target.connection, bytes, { ...SETTLING, keepQueued: true });
    expect(
      await inTarget(`
        select state, args from jobs join reservations on token = reservation_token and job_id = jobs.id
        where jobs.id = '${queued.id}'`),
    ).toEqual([{ state: 'queued', args: queued.args }]);
  });

  it('of an older schema gets the migrations that it lacks', async () => {
    await migrate(target.connection, 30, MIGRATIONS.slice(0, 4));
    const { bytes } = await backUp(target.connection);
    await empty();
    await restore(target.connection, bytes);
    expect(await inTarget('select adoptions from jobs')).toEqual([]);
    expect(await migrate(target.connection, 30)).toEqual([]);
  });

  it('of a newer schema or format is refused', async () => {
    const next = { number: MIGRATIONS.length + 1, name: 'next', sql: 'select 1' };
    await migrate(target.connection, 30, [...MIGRATIONS, next]);
    const { bytes } = await backUp(target.connection);
    await expect(restore(target.connection, bytes)).rejects.toThrow(
      /^The backup is newer than this version of Ferrule: it has the migration \d+-next\./,
    );
    const later = jsonFrame({ format: 2, ferrule: '9.9.9', other: true });
    await expect(restore(target.connection, later)).rejects.toThrow(/made by Ferrule 9\.9\.9 in a form/);
  });

  it('is refused where there are tables', async () => {
    const { bytes } = await backUp(stage.temporary.connection);
    await inTarget('create table mine (a integer)');
    await expect(restore(target.connection, bytes)).rejects.toThrow(/^There is a database already/);
    expect(await inTarget('select from mine')).toEqual([]);
  });

  it('is refused after a migration, which it does itself', async () => {
    const { bytes } = await backUp(stage.temporary.connection);
    await migrate(target.connection, 30, MIGRATIONS);
    await expect(restore(target.connection, bytes)).rejects.toThrow(
      /a database without tables: `ferrule migrate` makes them, and a restore needs none\.$/,
    );
  });

  it('that is damaged changes nothing', async () => {
    const { bytes } = await backUp(stage.temporary.connection);
    const changed = Buffer.from(bytes);
    changed.write('cond-Z', changed.indexOf('cond-a'));
    for (const [damaged, reason] of [
      [bytes.subarray(0, -10), /ends within a part/],
      [bytes.subarray(0, bytes.lastIndexOf('{"tables"') - 5), /ends too early/],
      [Buffer.concat([bytes, jsonFrame({})]), /goes on after its end/],
      [changed, /^the table conductors has 2 rows with another checksum/],
      [Buffer.from('pg_dump'), /part of an unknown kind/],
      [Buffer.alloc(0), /ends too early/],
    ] as const) {
      await expect(restore(target.connection, damaged)).rejects.toThrow(reason);
    }
    const tables = `select from pg_tables where schemaname = 'public'`;
    expect(await inTarget(tables)).toEqual([]);
  });

  it('is not made of an empty database', async () => {
    await expect(backUp(target.connection)).rejects.toThrow(/^The database is empty/);
  });
});
