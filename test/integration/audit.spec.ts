import pg from 'pg';
import { AuditSwitch } from '../../src/audit/audit-switch.js';
import { AuditRepository } from '../../src/audit/audit.repository.js';
import { type AuditView, recordJson } from '../../src/audit/audit.view.js';
import { recordsOf, verify } from '../../src/audit/chain.js';
import { type Database, type Statement } from '../../src/database/database.js';
import { columnTypes } from '../../src/database/sessions/column-types.js';
import { inSnapshot } from '../../src/database/snapshot.js';
import { startApp, type TestApp } from '../support/app.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { lockNode, unlockNode } from '../support/locks.js';
import { call, createNode, ended, fields, jobOf, unlocked } from '../support/passthru.js';
import { until } from '../support/until.js';

const SECRET = 'planted-hunter2';
/** As a trusted proxy names it. */
const CLIENT = '192.0.2.7';

describe('the audit', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ FERRULE_TRUSTED_PROXIES: '127.0.0.0/8' });
  });
  afterAll(() => app.close());

  async function list(query: string): Promise<AuditView[]> {
    return (await app.http.get(`/v1/audit${query}`)).expect(200).json<{ audit: AuditView[] }>().audit;
  }

  /** Oldest first, once there are as many. */
  async function recordsOfNode(node: string, count: number): Promise<AuditView[]> {
    await until(async () => (await list(`?node=${node}`)).length >= count);
    return (await list(`?node=${node}`)).reverse();
  }

  const words = (records: readonly AuditView[]) =>
    records.map(({ event, action, method, status, error, state }) =>
      [event, action.replace('baremetal:node:', ''), method, status, error ?? state]
        .filter((word) => word !== undefined)
        .join(' '),
    );

  it('has two records of each change, one of a read, and the end of a job, without secrets', async () => {
    const http = app.http.with({ 'X-Forwarded-For': CLIENT });
    const node = await createNode(http, { driver_info: { password: SECRET, note: `token=${SECRET}` } });
    const patch = [
      { op: 'add', path: '/driver_info/token', value: SECRET },
      { op: 'add', path: '/extra', value: { kept: 'yes', pin: SECRET } },
    ];
    (await http.patch(`/v1/nodes/${node}`, patch)).expect(200);
    (await http.put(`/v1/nodes/${node}/maintenance`, { reason: 'works' })).expect(202);
    (await call(http, node, 'echo', { a: `x ${SECRET}`, password: SECRET })).expect(200);
    (await call(http, node, 'work', { milliseconds: 0 })).expect(200);
    (await call(http, node, 'fail_sync')).expect(500);
    const job = await ended(
      http,
      jobOf(await call(http, node, 'fail', { kind: 'conflict', message: SECRET })),
    );
    (await http.delete(`/v1/nodes/${node}`)).expect(204);

    const records = await recordsOfNode(node, 16);
    expect(words(records).sort()).toEqual(
      [
        'begin create',
        'end create 201',
        'begin update',
        'end update 200',
        'begin set_maintenance',
        'end set_maintenance 202',
        'call vendor_passthru echo 200',
        'begin vendor_passthru work',
        'end vendor_passthru work 200',
        'begin vendor_passthru fail_sync',
        'end vendor_passthru fail_sync 500 VendorPassthruException',
        'begin vendor_passthru fail',
        'end vendor_passthru fail 202',
        'job vendor_passthru fail Conflict',
        'begin delete',
        'end delete 204',
      ].sort(),
    );
    expect(JSON.stringify(records)).not.toContain(SECRET);
    const update = records.find(({ event, action }) => event === 'begin' && action.endsWith('update'));
    expect(update?.arguments).toEqual([
      { op: 'add', path: '/driver_info/token', value: '******' },
      { op: 'add', path: '/extra', value: { kept: 'yes', pin: '******' } },
    ]);
    const echo = records.find(({ event }) => event === 'call');
    expect(echo).toMatchObject({ arguments: { a: 'x ******', password: '******' }, decision: 'allowed' });
    expect(records.filter((record) => record.job === job.id)).toHaveLength(2);
    for (const { event, request_id, remote_address } of records) {
      expect(request_id).toMatch(/^req-/);
      expect(remote_address).toBe(event === 'job' ? undefined : CLIENT);
    }
    expect(await verify(app.database)).toMatchObject({ isWhole: true });
  });

  it('has one record of a call that was refused for its lock', async () => {
    const { http } = app;
    const node = await createNode(http);
    await lockNode(app.database, node, 'another');
    (await call(http, node, 'work', { milliseconds: 1 })).expect(409);
    await unlockNode(app.database, node);
    jobOf(await call(http, node, 'sleep', { seconds: 0 }));
    for (const record of [
      'call vendor_passthru work 409 NodeLocked',
      'job vendor_passthru sleep succeeded',
    ]) {
      await until(async () => words(await list(`?node=${node}`)).includes(record));
    }
    const refused = (await list(`?node=${node}`)).filter(({ method }) => method === 'work');
    expect(refused).toMatchObject([{ event: 'call', arguments: { milliseconds: 1 }, decision: 'allowed' }]);
  });

  it('has the outcome of calls whose client left while they were recorded, and no status that was not sent', async () => {
    const { http, database, log } = app;
    const node = await createNode(http);
    await recordsOfNode(node, 2);
    const client = new pg.Client(database.connection);
    await client.connect();
    try {
      await client.query('begin');
      await client.query('lock table audit_chain in access exclusive mode');
      const leaving = new AbortController();
      const calls = ['fail_sync', 'collect_log', 'work'].map((method) =>
        http.post(`/v1/nodes/${node}/vendor_passthru/${method}`, {}, { signal: leaving.signal }),
      );
      const left = Promise.allSettled(calls);
      const waiting = `select from pg_locks where relation = 'audit_chain'::regclass and not granted`;
      await until(async () => (await client.query(waiting)).rowCount === 3);
      leaving.abort();
      await left;
      await unlocked(http, node);
    } finally {
      await client.end();
    }
    const ends = async () =>
      (await list(`?node=${node}`)).filter(({ event, method }) => event === 'end' && method);
    await until(async () => (await ends()).length === 3);
    expect(words(await ends()).sort()).toEqual([
      'end vendor_passthru collect_log 202',
      'end vendor_passthru fail_sync 500 VendorPassthruException',
      'end vendor_passthru work ClientGone',
    ]);
    const accepted = (await ends()).find(({ method }) => method === 'collect_log');
    expect(accepted?.job).toEqual(expect.any(String));
    expect(log.text).not.toContain('was already gone');
  });

  it('is listed in pages, by node, caller, action and time', async () => {
    const { http } = app;
    const nodes = [await createNode(http), await createNode(http)];
    await recordsOfNode(String(nodes[1]), 2);
    const all = await list('?limit=4');
    const first = (await http.get('/v1/audit?limit=3')).json<{ audit: AuditView[]; next: string }>();
    const second = (await http.get(`/v1/audit${new URL(first.next).search}`)).json<{
      audit: AuditView[];
    }>();
    expect([...first.audit, ...second.audit].slice(0, 4)).toEqual(all);
    expect(new Set((await list(`?node=${String(nodes[0])}`)).map(({ node }) => node))).toEqual(
      new Set([nodes[0]]),
    );
    expect(await list('?action=baremetal:node:inspect')).toEqual([]);
    expect(await list('?caller=nobody')).toEqual([]);
    const [newest] = all;
    const at = newest?.at ?? '';
    // Records that were written together have the same time.
    const late = await list(`?since=${encodeURIComponent(at)}`);
    expect(late).toContainEqual(newest);
    expect(late.every((record) => record.at === at)).toBe(true);
    const early = await list(`?until=${encodeURIComponent(at)}`);
    expect(early.length).toBeGreaterThan(0);
    expect([...late, ...early]).toEqual(await list(''));
    expect(new Set((await list('?action=baremetal:node:create')).map(({ action }) => action))).toEqual(
      new Set(['baremetal:node:create']),
    );
    for (const wrong of ['since=yesterday', 'marker=x', 'event=ended', 'limit=0']) {
      (await http.get(`/v1/audit?${wrong}`)).expect(400);
    }
    expect((await http.get('/v1/audit?marker=x')).text).toContain("Invalid marker 'x': expected the seq");
    expect((await http.get('/v1/audit?colour=red')).expect(400).text).toContain(
      'Unexpected arguments: colour; it takes: node, caller, action, event, caller_id, method, job, request_id, since',
    );
  });

  it('is listed by the name of a node, and by members of the record', async () => {
    const { http } = app;
    const node = await createNode(http, { name: 'audited' });
    // What the arguments have does not count.
    (await call(http, node, 'echo', { a: { event: 'end', method: 'work' } })).expect(200);
    const job = await ended(http, jobOf(await call(http, node, 'report_progress')));
    const records = await recordsOfNode(node, 6);
    expect((await list('?node=audited')).reverse()).toEqual(records);
    const found = async (query: string) => words(await list(`?node=audited&${query}`));
    expect(await found('event=end&method=report_progress')).toEqual([
      'end vendor_passthru report_progress 202',
    ]);
    expect(await found('method=work')).toEqual([]);
    expect(await found('event=call')).toEqual(['call vendor_passthru echo 200']);
    expect(await found(`job=${job.id}`)).toHaveLength(2);
    expect(await found('caller_id=token:ops')).toEqual([]);
    const request = String(records[0]?.request_id);
    expect((await list(`?request_id=${request}`)).reverse()).toEqual(
      records.filter(({ request_id }) => request_id === request),
    );
    const { next } = (await http.get('/v1/audit?node=audited&event=end&limit=1')).json<{ next: string }>();
    expect(new URL(next).search).toContain('event=end');
    (await http.delete('/v1/nodes/audited')).expect(204);
    expect((await http.get('/v1/audit?node=audited')).expect(404).text).toContain(
      'No node is called audited now',
    );
  });

  it('is written before a change, which is not made if that fails', async () => {
    const { http, database } = app;
    const node = await createNode(http);
    await recordsOfNode(node, 2);
    const rename = (from: string, to: string) =>
      database.query({ name: `test-${to}`, text: `alter function ${from} rename to ${to}` }, []);
    await rename('audit_append', 'audit_lost');
    const path = `/v1/nodes/${node}`;
    const note = () => http.put(`${path}/vendor_passthru/note`, { key: 'ran', value: true });
    const attempts = [
      await note(),
      await call(http, node, 'report_progress'),
      await http.patch(path, [{ op: 'add', path: '/extra/changed', value: true }]),
      await http.put(`${path}/maintenance`, {}),
      await http.delete(path),
      await http.post('/v1/nodes', { driver: 'fake-hardware', name: 'not-recorded' }),
    ];
    for (const { status, text } of attempts) {
      expect([status, text]).toEqual([503, expect.stringContaining('The audit cannot be written')]);
    }
    // The record of a read is written after it; from then on reads are refused, too.
    (await call(http, node, 'echo')).expect(200);
    await until(async () => (await call(http, node, 'echo')).status === 503);
    const shown = (await http.get(path)).json<Record<string, unknown>>();
    expect(shown).toMatchObject({
      driver_internal_info: {},
      extra: {},
      maintenance: false,
      reservation: null,
    });
    expect((await http.get(`/v1/jobs?node=${node}`)).json()).toEqual({ jobs: [] });
    expect((await http.get('/v1/nodes/not-recorded')).status).toBe(404);

    await rename('audit_lost', 'audit_append');
    await until(async () => (await note()).status === 200);
    await until(async () => words(await recordsOfNode(node, 0)).includes('call vendor_passthru echo 200'));
    const begun = (await recordsOfNode(node, 0)).filter(({ event }) => event === 'begin');
    expect(words(begun)).toEqual(['begin create', 'begin vendor_passthru note']);
  });
});

describe('FERRULE_AUDIT=false', () => {
  it('changes nodes, calls methods and ends jobs as ever, and records nothing but that it is off', async () => {
    const app = await startApp({ FERRULE_AUDIT: 'false' });
    try {
      const { http, database } = app;
      const node = await createNode(http);
      (await http.patch(`/v1/nodes/${node}`, [{ op: 'add', path: '/extra/a', value: 1 }])).expect(200);
      (await http.put(`/v1/nodes/${node}/maintenance`, {})).expect(202);
      (await call(http, node, 'echo')).expect(200);
      (await call(http, node, 'work', { milliseconds: 0 })).expect(200);
      const done = await ended(http, jobOf(await call(http, node, 'report_progress')));
      const failed = await ended(http, jobOf(await call(http, node, 'fail', { kind: 'conflict' })));
      expect([done.state, failed.state]).toEqual(['succeeded', 'failed']);
      (await http.delete(`/v1/nodes/${node}`)).expect(204);
      const { audit } = (await http.get('/v1/audit')).expect(200).json<{ audit: AuditView[] }>();
      expect(audit).toEqual([
        expect.objectContaining({ seq: 1, event: 'off', action: 'ferrule:audit:switch' }),
      ]);
      const gaps = [{ since: audit[0]?.at, until: undefined }];
      expect(await verify(database)).toMatchObject({ isWhole: true, count: 1, gaps });
    } finally {
      await app.close();
    }
  });

  it('is recorded again by the next start with the audit, once, with the time since which records are missing', async () => {
    const app = await startApp();
    try {
      const { database } = app;
      const repository = new AuditRepository(database);
      const start = (audit: boolean) => new AuditSwitch(repository, { audit }).onApplicationBootstrap();
      for (const audit of [true, false, false, true, true, false, true]) await start(audit);
      const records = await repository.list({ action: 'ferrule:audit:switch', limit: 10 });
      const told = records.reverse().map(({ at, record }) => ({ ...(JSON.parse(record) as AuditView), at }));
      const [first, , second, third, fourth] = told;
      expect(told.map(({ event, missing_since: since }) => [event, since])).toEqual([
        ['off', undefined],
        ['off', undefined],
        ['on', first?.at],
        ['off', undefined],
        ['on', third?.at],
      ]);
      const gaps = [
        { since: first?.at, until: second?.at },
        { since: third?.at, until: fourth?.at },
      ];
      expect(await verify(database)).toMatchObject({ isWhole: true, gaps });
    } finally {
      await app.close();
    }
  });
});

describe('a call that PostgreSQL never records', () => {
  let app: TestApp;
  let client: pg.Client;
  beforeAll(async () => {
    app = await startApp();
    client = new pg.Client(app.database.connection);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await app.close();
  });

  const pidsOf = async (text: string): Promise<number[]> =>
    (await client.query<{ pid: number }>(text)).rows.map(({ pid }) => pid);

  it('takes no lock, has no job and runs no method, also when PostgreSQL goes on', async () => {
    const { http } = app;
    const [called, worked] = [await createNode(http), await createNode(http)];
    const listed = async (node: string) =>
      (await http.get(`/v1/audit?node=${node}`)).json<{ audit: AuditView[] }>().audit;
    await until(async () => (await listed(worked)).length === 2);
    await client.query('begin');
    await client.query('lock table audit_chain in access exclusive mode');
    const calls = [
      http.put(`/v1/nodes/${called}/vendor_passthru/note`, { key: 'ran', value: true }),
      call(http, worked, 'report_progress'),
    ];
    let frozen: number[] = [];
    const waiting = `select pid from pg_locks where relation = 'audit_chain'::regclass and not granted`;
    await until(async () => (frozen = await pidsOf(waiting)).length === calls.length);
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    try {
      await client.query('rollback');
      const answers = await Promise.all(calls);
      expect(answers.map(({ status }) => status)).toEqual([503, 500]);
      expect(answers[1]?.text).toContain('outcome is unknown');
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    const alive = `select pid from pg_stat_activity where pid in (${frozen.join()})`;
    await until(async () => (await pidsOf(alive)).length === 0);

    for (const [node, outcome] of [
      [called, { event: 'call', method: 'note', status: 503, error: 'DatabaseUnavailable' }],
      [worked, { event: 'call', method: 'report_progress', status: 500, error: 'OutcomeUnknown' }],
    ] as const) {
      await unlocked(http, node);
      expect(await fields(http, node, 'driver_internal_info')).toEqual({ driver_internal_info: {} });
      await until(async () => (await listed(node)).length === 3);
      expect((await listed(node))[0]).toMatchObject(outcome);
    }
    expect((await http.get('/v1/jobs')).json()).toEqual({ jobs: [] });
    (await call(http, called, 'work', { milliseconds: 0 })).expect(200);
  });
});

describe('a chain of records', () => {
  let place: TestDatabase;
  let client: pg.Client;
  const database: Pick<Database, 'query'> = {
    query: async <R extends pg.QueryResultRow>({ text }: Statement, values: readonly unknown[]) =>
      (await client.query<R>(text, [...values])).rows,
  };
  const append = (notes: readonly string[]) => {
    const records = notes.map((note) => JSON.stringify({ action: 'test:note', node: 'n1', note }));
    return client.query('select audit_append($1, $2, $3, $4)', [
      records,
      notes.map(() => 'test:note'),
      notes.map(() => 'n1'),
      notes.map(() => null),
    ]);
  };
  const run = (text: string) => client.query(text);
  beforeAll(async () => {
    place = await testDatabase();
    client = new pg.Client({ ...place.connection, types: columnTypes });
    await client.connect();
    for (let count = 0; count < 3; count++) await append(['a', ' b "', '\u00e9']);
    await append(['d']);
  });
  beforeEach(() => run('begin'));
  afterEach(() => run('rollback'));
  afterAll(async () => {
    await client.end();
    await place.drop();
  });

  it.each([
    ['update audit set at = at where seq = 2'],
    ['delete from audit where seq = 2'],
    ['truncate audit'],
  ])('the database refuses: %s', async (text) => {
    await expect(run(text)).rejects.toThrow('The audit is only added to.');
  });

  it.each([
    ['a changed row', `update audit set record = '{}' where seq = 4`, /^record 4 of .* was changed/],
    ['a changed time', `update audit set at = at + interval '1 second' where seq = 4`, /^record 4 of /],
    [
      'a row that is found for another node',
      `update audit set node = 'n2' where seq = 4`,
      /^the row of record 4 of .* was changed: its column node is not what the record has$/,
    ],
    ['a deleted row', 'delete from audit where seq = 4', 'record 4 is missing'],
    [
      'two swapped rows',
      'update audit set seq = -seq where seq in (4, 5); update audit set seq = 9 + seq where seq < 0',
      /^record 4 of /,
    ],
    ['a cut middle', 'delete from audit where seq between 3 and 6', 'record 3 is missing'],
    ['a cut end', 'delete from audit where seq > 8', 'the newest record is 8, but 10 was the last'],
    [
      'a row after the newest record',
      `insert into audit (seq, at, record, hash, action) select 1000, at, record, hash, action from audit where seq = 4`,
      'the row 1000 is not a record of the chain',
    ],
    ['a cut beginning', 'delete from audit where seq < 3', 'record 1 is missing'],
    [
      'a beginning that is declared old',
      `update audit_chain set forgotten_seq = 2, forgotten_hash = (select hash from audit where seq = 2);
         delete from audit where seq < 3`,
      'the records up to 2 were not deleted by the retention',
    ],
  ])('%s is found', async (_, text, problem) => {
    await run('alter table audit disable trigger user');
    for (const part of text.split(';')) await run(part);
    expect(await verify(database)).toEqual({
      isWhole: false,
      problem:
        typeof problem === 'string' ? expect.stringContaining(problem) : expect.stringMatching(problem),
    });
  });

  it('a chain that was computed anew is found by a record that was noted before', async () => {
    const noted = await verify(database);
    if (!noted.isWhole) throw new Error(noted.problem);
    await run('alter table audit disable trigger user');
    await run('delete from audit');
    await run(`update audit_chain set seq = 0, hash = ''`);
    await append(['e', 'f']);
    expect(await verify(database)).toMatchObject({ isWhole: true });
    expect(await verify(database, noted.newest)).toMatchObject({ isWhole: false });
  });

  it('is whole after the retention deleted its oldest records, and says which', async () => {
    const forget = async (seconds: number): Promise<number> => {
      const { rows } = await client.query<{ count: string }>('select audit_forget($1, 4) as count', [
        seconds,
      ]);
      return Number(rows[0]?.count);
    };
    const { rows } = await client.query<{ hash: string }>(
      `select encode(hash, 'hex') as hash from audit where seq = 8`,
    );
    const eighth = rows[0]?.hash ?? '';
    expect(await forget(3_600)).toBe(0);
    expect(await forget(0)).toBe(4);
    expect(await forget(0)).toBe(4);
    const noted = await verify(database);
    expect(noted).toMatchObject({ isWhole: true, count: 4, forgotten: '8' });
    const exported: string[] = [];
    let before = '';
    for await (const record of recordsOf(database)) {
      exported.push(record.seq);
      const line = recordJson(record);
      // JSON with a name twice is read differently by different programs.
      for (const name of ['seq', 'hash']) expect(line.split(`"${name}"`)).toHaveLength(2);
      const { event, last_seq: seq, last_hash: hash } = JSON.parse(line) as Record<string, unknown>;
      if (event === 'forgotten') before = `${String(seq)}:${String(hash)}`;
    }
    expect(exported).toEqual(['9', '10', '11', '12']);
    expect(before).toBe(`8:${eighth}`);
  });
});

describe('a chain of records whose oldest the retention deletes while it is read', () => {
  const RECORDS = 4_500;
  let place: TestDatabase;
  let client: pg.Client;
  beforeEach(async () => {
    place = await testDatabase();
    client = new pg.Client({ ...place.connection });
    await client.connect();
    await client.query(
      `select audit_append(array_agg(text), array_agg('test:note'::text), array_agg(null::text), array_agg(null::text))
       from generate_series(1, ${RECORDS}), json_build_object('action', 'test:note') as record,
         lateral (select record::text) as each (text)`,
    );
  });
  afterEach(async () => {
    await client.end();
    await place.drop();
  });

  /** Deletes all that is there after the first page was read. */
  function forgetting({ query }: Pick<Database, 'query'>): Pick<Database, 'query'> {
    let isFirst = true;
    return {
      query: async <R extends pg.QueryResultRow>(statement: Statement, values: readonly unknown[]) => {
        const rows = await query<R>(statement, values);
        if (statement.name === 'audit-rows' && isFirst) {
          isFirst = false;
          await client.query('select audit_forget(0, 1000000)');
        }
        return rows;
      },
    };
  }

  it('is whole', async () => {
    const verdict = await inSnapshot(place.connection, new AbortController().signal, (statements) =>
      verify(forgetting(statements)),
    );
    expect(verdict).toMatchObject({ isWhole: true, count: RECORDS, forgotten: '0' });
    const { rows } = await client.query('select seq from audit');
    expect(rows).toEqual([{ seq: String(RECORDS + 1) }]);
  });

  it('is not held back for ever for a reader that stopped', async () => {
    const reading = inSnapshot(
      place.connection,
      new AbortController().signal,
      async (statements) => {
        const own = { name: 'own-pid', text: 'select pg_backend_pid() as pid' };
        const [{ pid } = { pid: 0 }] = await statements.query<{ pid: number }>(own, []);
        await until(async () => {
          const alive = await client.query('select from pg_stat_activity where pid = $1', [pid]);
          return alive.rowCount === 0;
        });
        await statements.query(own, []);
      },
      '50ms',
    );
    await expect(reading).rejects.toThrow();
  });

  it('is exported whole', async () => {
    const exported: string[] = [];
    await inSnapshot(place.connection, new AbortController().signal, async (statements) => {
      for await (const { seq } of recordsOf(forgetting(statements))) exported.push(seq);
    });
    expect(exported).toEqual(Array.from({ length: RECORDS }, (_, index) => String(index + 1)));
  });
});
