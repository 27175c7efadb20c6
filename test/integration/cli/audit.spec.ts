import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditView } from '../../../src/audit/audit.view.js';
import { startApp, type TestApp } from '../../support/app.js';
import { urlOf } from '../../support/database.js';
import { ferruleHere as ferrule } from '../../support/ferrule-here.js';
import { call, createNode } from '../../support/passthru.js';
import { copyPreparedData } from '../../support/prepared-data.js';
import { ROOT } from '../../support/readme.js';
import { until } from '../../support/until.js';

describe('ferrule audit, while the service serves', () => {
  let app: TestApp;
  let env: NodeJS.ProcessEnv;
  let records: AuditView[];
  beforeAll(async () => {
    app = await startApp();
    const { connection } = app.database;
    env = { FERRULE_DATABASE_URL: urlOf(connection) };
    const node = await createNode(app.http, { extra: { text: 'żółć " 🔩 \u009b31m' } });
    (await call(app.http, node, 'echo', { a: 1 })).expect(200);
    await until(async () => {
      records = (await app.http.get('/v1/audit')).json<{ audit: AuditView[] }>().audit.reverse();
      return records.length === 3;
    });
  });
  afterAll(() => app.close());

  const sql = (name: string, text: string) => app.database.query({ name: `test-${name}`, text }, []);
  const newest = () => `${String(records.at(-1)?.seq)}:${String(records.at(-1)?.hash)}`;

  it('export prints the records as GET /v1/audit shows them, oldest first', async () => {
    const { code, printed, complaints } = await ferrule(['audit', 'export'], env);
    expect([code, complaints]).toEqual([0, '']);
    expect(printed.map((line) => AuditView.parse(JSON.parse(line)))).toEqual(records);
  });

  it('export prints the records of a span of time, which belong together', async () => {
    const at = (index: number) => String(records[index]?.at);
    const seqs = async (...options: string[]) => {
      const { code, printed } = await ferrule(['audit', 'export', ...options], env);
      expect(code).toBe(0);
      return printed.map((line) => AuditView.parse(JSON.parse(line)).seq);
    };
    // Records that were written together have the same time.
    const first = records.filter((record) => record.at < at(2)).map(({ seq }) => seq);
    const rest = records.map(({ seq }) => seq).slice(first.length);
    expect(await seqs('--since', at(2))).toEqual(rest);
    expect(await seqs('--until', at(2))).toEqual(first);
    expect(await seqs('--since', at(0), '--until', at(2))).toEqual(first);
    expect(await seqs('--since', '2100-01-01T00:00:00Z')).toEqual([]);
    expect(await seqs('--until', '2000-01-01T00:00:00Z')).toEqual([]);
    expect(await ferrule(['audit', 'export', '--since', 'yesterday'], env)).toMatchObject({
      code: 1,
      complaints: "--since takes a time such as 2026-03-01T08:15:30Z, not 'yesterday'.",
    });
  });

  it('export can be checked by the program of the documentation alone', async () => {
    const { printed } = await ferrule(['audit', 'export'], env);
    expect(printed[0]).toContain(String.raw`\u009b31m`);
    const [, program = ''] =
      /```python\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/operating.md'), 'utf8')) ?? [];
    const check = (lines: readonly string[]) =>
      spawnSync('python3', ['-c', program], { input: lines.map((line) => `${line}\n`).join('') });
    expect(check(printed)).toMatchObject({ status: 0 });
    // A beginning that was deleted by the retention is not one that was changed.
    expect(check(printed.slice(1))).toMatchObject({ status: 0 });
    const changed = printed.map((line) => line.replace('"echo"', '"fail"'));
    const { status, stderr } = check(changed);
    expect([status, stderr.toString()]).toEqual([1, 'record 3 was changed, or the one before it was\n']);
    expect(check([...printed.slice(0, 1), ...printed.slice(2)])).toMatchObject({ status: 1 });
  });

  it('verify prints the newest record, and finds it with --expect', async () => {
    const whole = {
      code: 0,
      printed: ['The audit is whole: 3 records.', `The newest is ${newest()}`],
      complaints: '',
    };
    expect(await ferrule(['audit', 'verify'], env)).toEqual(whole);
    expect(await ferrule(['audit', 'verify', '--expect', newest()], env)).toEqual(whole);
  });

  it('verify ends with 1 without a record that is expected, and refuses what is none', async () => {
    const other = `3:${'0'.repeat(64)}`;
    expect(await ferrule(['audit', 'verify', '--expect', other], env)).toEqual({
      code: 1,
      printed: [],
      complaints: 'The audit is broken: it has no record 3 with the expected hash.',
    });
    const refused = await ferrule(['audit', 'verify', '--expect', 'b5bb'], env);
    expect(refused).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('--expect takes SEQ:HASH'),
    });
  });

  it('verify ends with 1 and names a changed record', async () => {
    await sql('disable', 'alter table audit disable trigger user');
    await sql('change', `update audit set record = replace(record, 'echo', 'fail') where seq = 3`);
    const { code, printed, complaints } = await ferrule(['audit', 'verify'], env);
    await sql('mend', `update audit set record = replace(record, 'fail', 'echo') where seq = 3`);
    await sql('enable', 'alter table audit enable trigger user');
    expect([code, printed]).toEqual([1, []]);
    expect(complaints).toMatch(
      /^The audit is broken: record 3 of .* was changed, or the one before it was\.$/,
    );
  });
});

describe('ferrule audit with the embedded database', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-audit-'));
    // As root the database runs as nobody, who must be able to enter.
    await chmod(folder, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('starts it while no service runs', async () => {
    const data = join(folder, 'data');
    await copyPreparedData(data);
    const verified = await ferrule(['audit', 'verify'], { FERRULE_DATA_DIR: data });
    expect(verified).toMatchObject({ code: 0, printed: ['The audit is whole: 0 records.'] });
    expect(await ferrule(['audit', 'export'], { FERRULE_DATA_DIR: data })).toMatchObject({
      code: 0,
      printed: [],
    });
  });
});
