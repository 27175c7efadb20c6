import { randomUUID } from 'node:crypto';
import { type AuditView } from '../../src/audit/audit.view.js';
import { LARGEST_ANSWER } from '../../src/passthru/idempotency/kept-answers.js';
import { ANSWERS_OF_CALLER } from '../../src/passthru/idempotency/key.sweeper.js';
import { startApp, startBeside, type TestApp } from '../support/app.js';
import { asCaller, testAuthenticator } from '../support/callers.js';
import { close, COUNTED, made } from '../support/counted-driver.js';
import { type Answer, type Ask } from '../support/http-client.js';
import { createNode, ended, jobOf } from '../support/passthru.js';
import { until } from '../support/until.js';

const REPLAYED = 'idempotency-replayed';
const MANY = 50;
const PROBLEM = { Accept: 'application/problem+json' };

describe('a call with an Idempotency-Key', () => {
  let app: TestApp;
  let node: string;
  let id: string;
  let key: string;
  beforeAll(async () => {
    const env = { FERRULE_ENABLED_HARDWARE_TYPES: 'counted' };
    app = await startApp(env, COUNTED, testAuthenticator);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    id = randomUUID();
    key = randomUUID();
    node = await createNode(app.http, { driver: 'counted', vendor_interface: 'counting', name: `n-${id}` });
  });

  const path = (method: string, of = node) => `/v1/nodes/${of}/vendor_passthru/${method}`;
  const headers = (ask: Ask = {}) => ({ ...ask, headers: { 'Idempotency-Key': key, ...ask.headers } });

  function call(method: string, args: object = {}, ask: Ask = {}): Promise<Answer> {
    return app.http.post(path(method), { id, ...args }, headers(ask));
  }

  /** What a client sees of an answer. */
  const seen = ({ status, headers: { location, ...rest }, bytes }: Answer) => ({
    status,
    location,
    type: rest['content-type'],
    disposition: rest['content-disposition'],
    sniffing: rest['x-content-type-options'],
    retry: rest['retry-after'],
    body: bytes.toString('base64'),
  });

  async function expectSame(
    method: string,
    status: number,
    args: object = {},
    ask: Ask = {},
  ): Promise<Answer> {
    const first = (await call(method, args, ask)).expect(status);
    const second = await call(method, args, ask);
    expect(seen(second)).toEqual(seen(first));
    expect([first, second].map((answer) => answer.headers[REPLAYED])).toEqual([undefined, 'true']);
    return first;
  }

  it.each(['count', 'read'])('gets the same answer again: %s', async (method) => {
    const verb = method === 'read' ? 'GET' : 'POST';
    const ask = () => app.http.send(verb, path(method), headers({ json: { id } }));
    expect((await ask()).expect(200).json()).toEqual({ id, turn: 1 });
    const again = (await ask()).expect(200);
    expect(again.json()).toEqual({ id, turn: 1 });
    expect(again.headers[REPLAYED]).toBe('true');
    expect(made.get(id)).toBe(1);
  });

  it.each(['count_in_job', 'count_beside'])('gets the same job again: %s', async (method) => {
    const job = jobOf(await expectSame(method, 202));
    expect((await ended(app.http, job)).result).toEqual({ id, turn: 1 });
    expect(seen(await call(method)).location).toContain(job);
    expect(made.get(id)).toBe(1);
  });

  it('gets the same file again', async () => {
    const file = await expectSame('file', 200, { size: 100_000 });
    expect(file.headers['content-disposition']).toContain('filename');
    expect(made.get(id)).toBe(1);
  });

  it.each([{}, PROBLEM])('gets the same error of the method again, with %j', async (accept) => {
    const answer = await expectSame('refuse', 409, {}, { headers: accept });
    expect(answer.text).toContain('for the 1. time');
    expect(made.get(id)).toBe(1);
  });

  it('of a driver gets the same answer again', async () => {
    const ask = () => app.http.post('/v1/drivers/counted/vendor_passthru/count_alone', { id }, headers());
    await ask();
    expect((await ask()).expect(200).json()).toEqual({ id, turn: 1 });
  });

  it('is the same by the name of the node, and with arguments in another order', async () => {
    await call('count', { secret: 'x' });
    const again = await app.http.post(path('count', `n-${id}`), { secret: 'x', id }, headers());
    expect(again.expect(200).headers[REPLAYED]).toBe('true');
  });

  it('is 422 for another call, which is not made', async () => {
    await call('count', { secret: 'x' });
    const other = await createNode(app.http, { driver: 'counted', vendor_interface: 'counting' });
    const args = { id, secret: 'x' };
    const answers = [
      await call('count', { secret: 'y' }),
      await call('count'),
      await call('count_in_job', { secret: 'x' }),
      await app.http.put(path('count'), args, headers()),
      await app.http.post(path('count', other), args, headers()),
      await app.http.post('/v1/drivers/counted/vendor_passthru/count_alone', args, headers()),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 422));
    const problem = await call('count', {}, { headers: PROBLEM });
    expect(problem.json()).toMatchObject({ code: 'IdempotencyKeyReused' });
    expect(made.get(id)).toBe(1);
  });

  it('belongs to its caller', async () => {
    const ask = (name: string) => call('count', {}, asCaller({ name }));
    expect((await ask('ann')).json()).toEqual({ id, turn: 1 });
    expect((await ask('bob')).json()).toEqual({ id, turn: 2 });
    expect((await ask('ann')).json()).toEqual({ id, turn: 1 });
    expect((await call('count')).json()).toEqual({ id, turn: 3 });
  });

  it('is decided by the policy each time', async () => {
    const ann = { name: 'ann', projectId: 'team-a' };
    (await call('count', {}, asCaller(ann))).expect(200);
    const reader = { ...ann, roles: ['reader'], hasSystemScope: true };
    (await call('count', {}, asCaller(reader))).expect(403);
    const stranger = { ...ann, projectId: 'team-c', roles: ['member'], hasSystemScope: false };
    (await call('count', {}, asCaller(stranger))).expect(404);
    expect(made.get(id)).toBe(1);
  });

  it.each(['count', 'count_in_job'])(
    'runs once, if it is asked for %s many times at once',
    async (method) => {
      const answers = await Promise.all(Array.from({ length: MANY }, () => call(method)));
      expect(new Set(answers.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1);
      expect(answers[0]?.status).toBe(method === 'count' ? 200 : 202);
      expect(answers.filter((answer) => answer.headers[REPLAYED] === undefined)).toHaveLength(1);
      if (answers[0] && method === 'count_in_job') await ended(app.http, jobOf(answers[0]));
      expect(made.get(id)).toBe(1);
    },
  );

  it('waits for the first one, also when its client has left', async () => {
    const open = close(id);
    const leaving = new AbortController();
    const first = call('count', {}, { signal: leaving.signal }).catch(() => 'left');
    await until(() => made.get(id) === 1);
    leaving.abort();
    expect(await first).toBe('left');
    const second = call('count');
    // Others are told that the node is locked.
    (await app.http.post(path('count'), { id: 'other' })).expect(409);
    open();
    expect((await second).expect(200).json()).toEqual({ id, turn: 1 });
  });

  it('goes on when its client has left, also if it only reads', async () => {
    const open = close(id);
    const leaving = new AbortController();
    const ask = (given: Ask = {}) => app.http.send('GET', path('read'), headers({ json: { id }, ...given }));
    const first = ask({ signal: leaving.signal }).catch(() => 'left');
    await until(() => made.get(id) === 1);
    leaving.abort();
    await first;
    open();
    expect((await ask()).expect(200).json()).toEqual({ id, turn: 1 });
  });

  it('runs after an error that came before anything was done', async () => {
    (await call('count', { nonsense: 1 })).expect(400);
    (await call('nonsense')).expect(400);
    const open = close('holder');
    const holder = app.http.post(path('count'), { id: 'holder' });
    await until(() => made.has('holder'));
    (await call('count')).expect(409);
    (await call('count_in_job')).expect(409);
    open();
    await holder;
    expect((await call('count')).expect(200).json()).toEqual({ id, turn: 1 });
  });

  it('is told that its answer was too large to be kept', async () => {
    expect((await call('file', { size: LARGEST_ANSWER })).expect(200).bytes).toHaveLength(LARGEST_ANSWER);
    expect((await call('file', { size: LARGEST_ANSWER })).expect(200).bytes).toHaveLength(LARGEST_ANSWER);
    expect(made.get(id)).toBe(1);
    key = randomUUID();
    (await call('file', { size: LARGEST_ANSWER + 1 })).expect(200);
    const again = (await call('file', { size: LARGEST_ANSWER + 1 })).expect(410);
    expect(again.fault.faultstring).toContain('was answered with status 200');
    expect(made.get(id)).toBe(2);
  });

  it('is told that its answer was not kept, if its caller had too many newer ones', async () => {
    const ann = asCaller({ name: 'ann' });
    const [old, recent] = [randomUUID(), randomUUID()];
    const file = async (of: string, size: number, ask = ann) => {
      key = of;
      return call('file', { size }, ask);
    };
    (await file(old, 1)).expect(200);
    // Of another caller.
    (await file(old, 1, asCaller({ name: 'bob' }))).expect(200);
    const text = `
      insert into idempotency_keys (caller, key, id, fingerprint, state, status, headers, body, created_at)
      select 'token:ann', int4send(n), gen_random_uuid(), '', 'answered', 200, '{}', decode(repeat('00', $1), 'hex'), now()
      from generate_series(1, $2) n`;
    await app.database.query({ name: 'test-many-answers', text }, [
      LARGEST_ANSWER,
      ANSWERS_OF_CALLER / LARGEST_ANSWER,
    ]);
    // A process looks when it has stored some.
    for (let turn = 0; turn < 9; turn++) (await file(randomUUID(), LARGEST_ANSWER)).expect(200);
    (await file(recent, 2)).expect(200);
    await until(async () => (await file(old, 1)).status === 410);
    (await file(recent, 2)).expect(200);
    (await file(old, 1, asCaller({ name: 'bob' }))).expect(200);
    expect(made.get(id)).toBe(12);
    const clear = "delete from idempotency_keys where caller = 'token:ann'";
    await app.database.query({ name: 'test-clear', text: clear }, []);
  });

  it('is never run again if PostgreSQL refuses to store its answer, and told so once it can', async () => {
    const sql = <T extends object>(text: string) =>
      app.database.query<T & Record<string, unknown>>({ name: `test-refusal-${randomUUID()}`, text }, []);
    await sql('create sequence refusals');
    await sql(`
      create function refuse_answers() returns trigger language plpgsql as $$
        begin perform nextval('refusals'); raise 'refused'; end $$`);
    await sql(`
      create trigger refuse_answers before update on idempotency_keys for each row
        when (new.state in ('answered', 'dropped')) execute function refuse_answers()`);
    (await call('count')).expect(200);
    const waiting = call('count');
    // The answer, twice; from then on only that there was one.
    await until(async () => {
      const [row] = await sql<{ twice: boolean }>('select last_value >= 2 as twice from refusals');
      return row?.twice === true;
    });
    await sql('drop function refuse_answers cascade');
    await sql('drop sequence refusals');
    (await waiting).expect(410);
    (await call('count')).expect(410);
    expect(made.get(id)).toBe(1);
  });

  describe('that waits for the lock', () => {
    let open: () => void;
    let holder: Promise<Answer>;
    beforeEach(async () => {
      open = close(`holder of ${id}`);
      holder = app.http.post(path('count'), { id: `holder of ${id}` });
      await until(() => made.has(`holder of ${id}`));
    });
    afterEach(async () => {
      open();
      (await holder).expect(200);
    });

    const inLine = (method: string, wait: number, ask: Ask = {}) =>
      app.http.post(`${path(method)}?wait=${wait}`, { id }, headers(ask));
    const standing = async () =>
      (await app.database.query({ name: 'test-standing', text: 'select from lock_waiters' }, [])).length;

    it.each([
      ['count', 200],
      ['count_in_job', 202],
    ] as const)('is made once, whatever its repeats wait for the lock: %s', async (method, status) => {
      const first = inLine(method, 60);
      await until(async () => (await standing()) === 1);
      const repeats = [
        call(method),
        inLine(method, 1),
        inLine(method, 30, { headers: { Prefer: 'wait=5' } }),
      ];
      open();
      const answers = await Promise.all([first, ...repeats]);
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
      expect(answers.map((answer) => answer.headers[REPLAYED])).toEqual([undefined, 'true', 'true', 'true']);
      if (answers[0] && status === 202) await ended(app.http, jobOf(answers[0]));
      expect(made.get(id)).toBe(1);
    });

    it('is left to its repeat when its client leaves the line', async () => {
      const leaving = new AbortController();
      const first = inLine('count', 60, { signal: leaving.signal }).catch(() => 'left');
      await until(async () => (await standing()) === 1);
      const repeat = inLine('count', 60);
      leaving.abort();
      expect(await first).toBe('left');
      // Of the repeat, which has the key now.
      await until(async () => (await standing()) === 1);
      open();
      const answer = (await repeat).expect(200);
      expect(answer.json()).toEqual({ id, turn: 1 });
      expect(answer.headers[REPLAYED]).toBeUndefined();
    });

    it('is made by whoever repeats it after its time in the line', async () => {
      (await inLine('count', 1)).expect(409);
      open();
      (await holder).expect(200);
      expect((await inLine('count', 1)).expect(200).json()).toEqual({ id, turn: 1 });
    });
  });

  it('is not begun when its process has lost its lease while it waited, and is left to its repeat', async () => {
    const env = { FERRULE_ENABLED_HARDWARE_TYPES: 'counted', FERRULE_HOSTNAME: 'cond-b' };
    const beside = await startBeside(app, env, COUNTED);
    const holding = `holder of ${id}`;
    try {
      const open = close(holding);
      const holder = beside.http.post(path('count'), { id: holding });
      await until(() => made.has(holding));
      const first = app.http.post(`${path('count')}?wait=60`, { id }, headers());
      const standing = { name: 'test-standing', text: 'select from lock_waiters' };
      await until(async () => (await app.database.query(standing, [])).length === 1);
      const text = `update conductors set expires_at = now() - interval '1 second' where hostname = 'cond-a'`;
      await app.database.query({ name: 'test-lose-lease', text }, []);
      const other = await createNode(app.http, { driver: 'counted', vendor_interface: 'counting' });
      // It has a lease again.
      await until(async () => (await app.http.post(path('count', other), { id: 'other' })).status === 200);
      open();
      (await holder).expect(200);
      expect((await first).expect(503).fault.faultstring).toMatch(/lease of this process.*please retry/);
      expect(made.get(id)).toBeUndefined();
      const repeat = (await call('count')).expect(200);
      expect(repeat.json()).toEqual({ id, turn: 1 });
      expect(repeat.headers[REPLAYED]).toBeUndefined();
    } finally {
      made.delete(holding);
      await beside.close();
    }
  });

  it('gets no 409 from a method that saves something after its lock was lost', async () => {
    const open = close(id);
    const first = call('count_and_save');
    await until(() => made.get(id) === 1);
    const text = `
      update reservations set token = gen_random_uuid()
      where token is not null and node_id = (select id from nodes where uuid = $1)`;
    await app.database.query({ name: 'test-take-lock', text }, [node]);
    open();
    for (const answer of [await first, await call('count_and_save')])
      expect(answer.expect(500).fault.faultstring).toContain(`lock on node ${node} was lost`);
    expect(made.get(id)).toBe(1);
  });

  it.each(['', 'a b', 'é', 'x'.repeat(256)])('is 400 with the key %j', async (bad) => {
    key = Buffer.from(bad).toString('latin1');
    (await call('count')).expect(400);
    expect(made.get(id)).toBeUndefined();
  });

  it('takes any other key', async () => {
    key = '~'.repeat(253) + '"!';
    await expectSame('count', 200);
  });

  it('is run by whoever repeats it a day later', async () => {
    await call('count');
    await app.database.query(
      { name: 'age', text: `update idempotency_keys set created_at = now() - interval '25 hours'` },
      [],
    );
    expect((await call('count')).expect(200).json()).toEqual({ id, turn: 2 });
    expect((await call('count')).json()).toEqual({ id, turn: 2 });
  });

  it('is kept neither as it is nor with its arguments', async () => {
    await call('count', { secret: 'hush' });
    const rows = await app.database.query(
      { name: 'all', text: 'select k::text as row from idempotency_keys k' },
      [],
    );
    const hex = (text: string) => Buffer.from(text).toString('hex');
    const text = JSON.stringify(rows);
    for (const secret of [key, 'hush'])
      for (const form of [secret, hex(secret)]) expect(text).not.toContain(form);
  });

  it('has records of the audit for its repeats', async () => {
    await call('count');
    await call('count');
    const find = async () =>
      (await app.http.get(`/v1/audit?node=${node}&method=count`)).json<{ audit: AuditView[] }>().audit;
    await until(async () => (await find()).length === 3);
    const [replay, ...own] = await find();
    expect(replay).toMatchObject({ event: 'call', status: 200, not_run: 'replayed' });
    expect(own.map(({ event }) => event)).toEqual(['end', 'begin']);
  });

  describe('and a Ferrule-Job-Id', () => {
    const chosen = (jobId: string) => ({ headers: { 'Ferrule-Job-Id': jobId } });

    it('gets that job, and the same again', async () => {
      const jobId = randomUUID();
      expect(jobOf(await expectSame('count_in_job', 202, {}, chosen(jobId)))).toBe(`/v1/jobs/${jobId}`);
      (await call('count_in_job', {}, chosen(randomUUID()))).expect(422);
      (await call('count_in_job')).expect(422);
      await ended(app.http, `/v1/jobs/${jobId}`);
      expect(made.get(id)).toBe(1);
    });

    it('is 409 for all that are made at once, if another call has that job', async () => {
      const jobId = randomUUID();
      (await call('count_in_job', {}, chosen(jobId))).expect(202);
      await ended(app.http, `/v1/jobs/${jobId}`);
      key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: MANY }, () => call('count_beside', {}, chosen(jobId))),
      );
      expect(answers.filter(({ status }) => status !== 409)).toEqual([]);
    });

    it('is 409 if another call has that job, and runs with another id', async () => {
      const jobId = randomUUID();
      (await call('count_in_job', {}, chosen(jobId))).expect(202);
      await ended(app.http, `/v1/jobs/${jobId}`);
      key = randomUUID();
      const ask = chosen(jobId);
      const taken = await call('count_beside', {}, { headers: { ...ask.headers, ...PROBLEM } });
      expect(taken.expect(409).json()).toMatchObject({ code: 'JobIdTaken' });
      (await call('count_beside', {}, chosen(randomUUID()))).expect(202);
    });
  });
});

describe('a call with a Ferrule-Job-Id', () => {
  let app: TestApp;
  let node: string;
  beforeAll(async () => {
    app = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'counted' }, COUNTED);
    node = await createNode(app.http, { driver: 'counted', vendor_interface: 'counting' });
  });
  afterAll(() => app.close());

  const call = (method: string, jobId: string, id = jobId) =>
    app.http.post(
      `/v1/nodes/${node}/vendor_passthru/${method}`,
      { id },
      { headers: { 'Ferrule-Job-Id': jobId } },
    );

  it.each(['count_in_job', 'count_beside'])('has that job: %s', async (method) => {
    const jobId = randomUUID();
    expect(jobOf(await call(method, jobId))).toBe(`/v1/jobs/${jobId}`);
    expect((await ended(app.http, `/v1/jobs/${jobId}`)).result).toEqual({ id: jobId, turn: 1 });
    // Whatever it is called by.
    for (const again of ['count_in_job', 'count_beside']) {
      expect((await call(again, jobId.toUpperCase(), jobId)).expect(409).fault.faultstring).toContain(jobId);
    }
    expect(made.get(jobId)).toBe(1);
  });

  it('runs once, if it is made many times at once', async () => {
    const jobId = randomUUID();
    const answers = await Promise.all(Array.from({ length: MANY }, () => call('count_beside', jobId)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(MANY - 1);
    await ended(app.http, `/v1/jobs/${jobId}`);
    expect(made.get(jobId)).toBe(1);
  });

  it.each([
    ['count_in_job', 'job-1'],
    ['count_in_job', ''],
    ['count', randomUUID()],
  ])('is 400 for %s with %j', async (method, jobId) => {
    (await call(method, jobId, 'never')).expect(400);
    expect(made.has('never')).toBe(false);
  });
});
