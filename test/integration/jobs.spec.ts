import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NestExpressApplication } from '@nestjs/platform-express';
import pg from 'pg';
import { ANYONE } from '../../src/auth/caller.js';
import { createApp, listen } from '../../src/app.module.js';
import { accept } from '../../src/database/transitions/accept.js';
import { type Database } from '../../src/database/database.js';
import { Conductor } from '../../src/conductors/conductor.js';
import { JobAdopter } from '../../src/jobs/running/job.adopter.js';
import { JobProcessor } from '../../src/jobs/running/job.processor.js';
import { JobRecorder } from '../../src/jobs/running/job.recorder.js';
import { JobRunner } from '../../src/jobs/running/job.runner.js';
import { JobWaiters } from '../../src/jobs/following/job-waiters.js';
import { LostJobs } from '../../src/jobs/lost-jobs.js';
import { JobRetention } from '../../src/jobs/record/job-retention.js';
import { ForgottenJobs } from '../../src/jobs/running/forgotten-jobs.js';
import { LostEntries } from '../../src/jobs/running/lost-entries.js';
import { StoppedJobs } from '../../src/jobs/running/stopped-jobs.js';
import { type JobView } from '../../src/jobs/record/job.view.js';
import { queueOf } from '../../src/jobs/queue/job-queues.js';
import { JobQueue } from '../../src/jobs/queue/job-queue.js';
import { setUp } from '../../src/setup.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { testServerFolder } from '../support/server-folder.js';
import { type Answer, HttpClient } from '../support/http-client.js';
import { until } from '../support/until.js';
import { WatchFile } from '../support/watch.js';

describe('a job', () => {
  let temporary: TestDatabase;
  let database: Database;
  let app: NestExpressApplication;
  let http: HttpClient;
  let node: { id: string; uuid: string };
  let folder: string;
  let watch: WatchFile;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ferrule-jobs-'));
    watch = new WatchFile(folder);
    const { WATCH_FILE, FERRULE_DRIVER_ROOT } = watch.env;
    process.env['WATCH_FILE'] = WATCH_FILE;
    temporary = await testDatabase();
    database = temporary.open();
    const setup = await setUp({
      FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware,watched-hardware',
      FERRULE_DRIVER_ROOT,
      FERRULE_DATA_DIR: testServerFolder(),
      FERRULE_HOSTNAME: 'cond-a',
      FERRULE_LOCK_INTERVAL: '10ms',
      FERRULE_LEASE: '1h',
    });
    app = await createApp(setup, database);
    app.useLogger(false);
    await listen(app, { port: 0, host: '127.0.0.1' });
    http = new HttpClient(await app.getUrl());
  });
  afterAll(async () => {
    http.close();
    await app.close();
    await database.close();
    await temporary.drop();
    await rm(folder, { recursive: true });
    delete process.env['WATCH_FILE'];
  });

  beforeEach(async () => {
    node = await newNode('fake-hardware', 'fake-options');
  });

  async function newNode(driver: string, vendor: string): Promise<{ id: string; uuid: string }> {
    const body = { driver, vendor_interface: vendor };
    const { uuid } = (await http.post('/v1/nodes', body)).expect(201).json<{ uuid: string }>();
    const [row] = await sql<{ id: string }>('select id from nodes where uuid = $1', [uuid]);
    return { id: row?.id ?? '', uuid };
  }

  let statements = 0;
  function sql<R extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> {
    return database.query<R>({ name: `test-jobs-${statements++}`, text }, values);
  }

  const show = async (id: string) => (await http.get(`/v1/jobs/${id}`)).expect(200).json<JobView>();
  const nodeField = async (field: string) =>
    (await http.get(`/v1/nodes/${node.uuid}?fields=${field}`)).expect(200).json<Record<string, unknown>>()[
      field
    ];
  const isOver = async (id: string) => !['queued', 'running'].includes((await show(id)).state);

  /** Inserts a job without telling any conductor. */
  async function write(
    method: string,
    args: Record<string, unknown>,
    [driver, vendor] = ['fake-hardware', 'fake-options'],
  ): Promise<string> {
    const job = {
      id: randomUUID(),
      driver,
      vendor_interface: vendor,
      method,
      http_method: 'POST',
      node_id: node.id,
      node_uuid: node.uuid,
      node_updated_at: null,
      token: randomUUID(),
      args,
      request_id: 'req-test',
      caller: ANYONE,
    };
    expect(await accept(database.hot, [job], app.get(Conductor))).toEqual(['accepted']);
    return job.id;
  }

  it('is run, and its lock freed, if it was written and never enqueued', async () => {
    const id = await write('report_progress', { steps: 2 });
    await sql(`update jobs set enqueued_at = now() - interval '1 minute' where id = $1`, [id]);
    await app.get(LostEntries).search.run();
    await until(() => isOver(id));
    expect(await show(id)).toMatchObject({ state: 'succeeded', result: { steps: 2 }, conductor: 'cond-a' });
    expect(await nodeField('reservation')).toBeNull();
  });

  it('is enqueued, and old ones are deleted, while the search for jobs of dead conductors hangs', async () => {
    const old = await write('report_progress', {});
    await app.get(JobProcessor).process([old], 'fake-hardware');
    await until(() => isOver(old));
    await sql(`update jobs set finished_at = now() - interval '1 year' where id = $1`, [old]);
    node = await newNode('fake-hardware', 'fake-options');
    const id = await write('report_progress', {});
    await sql(`update jobs set enqueued_at = now() - interval '1 minute' where id = $1`, [id]);
    const session = new pg.Client({ ...temporary.connection });
    await session.connect();
    try {
      // An adoption would wait, too, but it is repeated.
      await session.query('begin; lock table conductors');
      let hasEnded = false;
      const hung = app
        .get(LostJobs)
        .search.run()
        .finally(() => (hasEnded = true));
      await Promise.all([app.get(JobRetention).search.run(), app.get(LostEntries).search.run()]);
      expect(hasEnded).toBe(false);
      expect((await http.get(`/v1/jobs/${old}`)).status).toBe(404);
      await session.query('commit');
      await hung;
    } finally {
      await session.end();
    }
    await until(() => isOver(id));
    expect((await show(id)).state).toBe('succeeded');
  });

  it('is run if its adoption failed, without waiting for a search', async () => {
    const id = await write('report_progress', {});
    // No search finds it.
    await sql(`update jobs set enqueued_at = now() + interval '1 hour' where id = $1`, [id]);
    await sql('alter table conductors rename to conductors_away');
    await app.get(JobProcessor).process([id], 'fake-hardware');
    await sql('alter table conductors_away rename to conductors');
    await until(() => isOver(id));
    expect((await show(id)).state).toBe('succeeded');
  });

  it('is not counted as recorded when its lock was broken after an attempt to record it had failed', async () => {
    const id = await write('report_progress', {});
    const job = await app.get(JobAdopter).adopt(id);
    if (!job) throw new Error('The job was not adopted.');
    await sql('create sequence test_refusals');
    await sql(`create function test_refuse() returns trigger language plpgsql as $$
      begin
        perform nextval('test_refusals');
        raise exception 'planted' using errcode = '53200';
      end $$`);
    await sql(`create trigger test_refuse before update on jobs for each row
               when (new.state = 'succeeded') execute function test_refuse()`);
    try {
      const ending = { state: 'succeeded', json: '{}', attachment: null } as const;
      const recorded = app.get(JobRecorder).record(job, ending);
      await until(async () => (await sql('select from test_refusals where is_called')).length > 0);
      (await http.delete(`/v1/locks/${node.uuid}`)).expect(200);
      expect(await recorded).toBe(false);
      expect((await show(id)).state).toBe('outcome-unknown');
    } finally {
      await sql('drop function test_refuse cascade');
      await sql('drop sequence test_refusals');
    }
  });

  it('is given back even if the database fails at first', async () => {
    const id = await write('report_progress', {});
    const job = await app.get(JobAdopter).adopt(id);
    if (!job) throw new Error('The job was not adopted.');
    await sql('create sequence test_refusals');
    await sql(`create function test_refuse() returns trigger language plpgsql as $$
      begin
        if nextval('test_refusals') < 3 then raise exception 'planted' using errcode = '53200'; end if;
        return new;
      end $$`);
    await sql(`create trigger test_refuse before update on jobs for each row
               when (new.state = 'queued') execute function test_refuse()`);
    try {
      await app.get(JobRecorder).giveBack(job);
      expect((await show(id)).state).toBe('queued');
    } finally {
      await sql('drop function test_refuse cascade');
      await sql('drop sequence test_refusals');
    }
    await app.get(JobProcessor).process([id], 'fake-hardware');
    await until(() => isOver(id));
    expect((await show(id)).state).toBe('succeeded');
  });

  it('is run once, even if it is delivered several times', async () => {
    node = await newNode('watched-hardware', 'watch');
    const id = await write('watch_job', { id: 'once' }, ['watched-hardware', 'watch']);
    const processor = app.get(JobProcessor);
    await Promise.all([
      processor.process([id, id], 'fake-hardware'),
      processor.process([id], 'fake-hardware'),
      app.get(JobQueue).add(queueOf({ driver: 'fake-hardware', group: '' }), [id]),
    ]);
    await until(() => isOver(id));
    await processor.process([id], 'fake-hardware');
    expect((await show(id)).state).toBe('succeeded');
    expect(watch.begun()).toEqual(new Map([['once', 1]]));
  });

  it('is not run after it has lost its lock', async () => {
    const id = await write('note', { key: 'k', value: 'must not be there' });
    await sql('update reservations set token = gen_random_uuid() where node_id = $1', [node.id]);
    await app.get(JobProcessor).process([id], 'fake-hardware');
    expect(await show(id)).toMatchObject({ state: 'refused', error: { code: 'NodeLockLost' } });
    expect(await nodeField('driver_internal_info')).toEqual({});
  });

  it('is not accepted while the queue is away, and runs when the queue is back', async () => {
    const path = `/v1/nodes/${node.uuid}/vendor_passthru/report_progress`;
    await sql('alter schema ferrule_queue rename to ferrule_queue_away');
    const first = await http.post(path, {});
    await until(async () => (await http.get('/readyz')).status === 503);
    const { uuid: other } = (
      await http.post('/v1/nodes', { driver: 'fake-hardware', vendor_interface: 'fake-options' })
    )
      .expect(201)
      .json<{ uuid: string }>();
    const second = await http.post(`/v1/nodes/${other}/vendor_passthru/report_progress`, {});
    const ready = await http.get('/readyz');
    await sql('alter schema ferrule_queue_away rename to ferrule_queue');

    expect(second.status).toBe(503);
    expect(ready.json()).toMatchObject({ status: 'error', error: { queue: { status: 'down' } } });
    expect((await http.get(`/v1/jobs?node=${other}`)).json()).toEqual({ jobs: [] });
    expect((await http.get(`/v1/nodes/${other}?fields=reservation`)).json()).toMatchObject({
      reservation: null,
    });
    const id = String(first.expect(202).headers.location).split('/').at(-1) ?? '';
    await until(() => isOver(id));
    expect((await show(id)).state).toBe('succeeded');
    await until(async () => (await http.get('/readyz')).status === 200);
  });

  describe('whose conductor stopped responding', () => {
    let id: string;
    beforeEach(async () => {
      const path = `/v1/nodes/${node.uuid}/vendor_passthru/sleep`;
      const { headers } = (await http.post(path, { seconds: 3600 })).expect(202);
      id = String(headers.location).split('/').at(-1) ?? '';
      await until(async () => (await show(id)).state === 'running');
      await sql(`update conductors set expires_at = now() - interval '1 second'`, []);
      await app.get(LostJobs).search.run();
    });
    // The method still runs in this process; the conductor aborts it when it comes back.
    afterEach(() => app.get(Conductor).beat());

    it('ends with an unknown outcome, and its lock is broken with a new fence', async () => {
      expect(await show(id)).toMatchObject({ state: 'outcome-unknown', error: { code: 'ConductorLost' } });
      expect(await nodeField('reservation')).toBeNull();
      expect(await nodeField('last_error')).toMatch(/^Async execution of sleep failed with error: /);
      const [row] = await sql<{ fence: string }>('select fence from reservations where node_id = $1', [
        node.id,
      ]);
      expect(row?.fence).toBe('2');
    });

    it('is aborted when its conductor responds again, without a change to its record', async () => {
      const before = await show(id);
      await app.get(Conductor).beat();
      const after = await http.post(`/v1/nodes/${node.uuid}/vendor_passthru/work`, {});
      expect(after.expect(200).json()).toMatchObject({ fence: '3' });
      expect(await show(id)).toEqual(before);
    });
  });

  it('writes its failure into last_error of the node, and the next success clears it', async () => {
    const call = async (method: string, json: unknown) => {
      const { headers } = (await http.post(`/v1/nodes/${node.uuid}/vendor_passthru/${method}`, json)).expect(
        202,
      );
      const id = String(headers.location).split('/').at(-1) ?? '';
      await until(() => isOver(id));
    };
    await call('fail', { message: 'the first' });
    await call('fail', { message: 'the second', kind: 'conflict' });
    expect(await nodeField('last_error')).toBe('Async execution of fail failed with error: the second');
    (await http.put(`/v1/nodes/${node.uuid}/vendor_passthru/note`, { key: 'a', value: 1 })).expect(200);
    expect(await nodeField('last_error')).toBeNull();
  });

  it('cuts a long last_error between two characters', async () => {
    const prefix = 'Async execution of fail failed with error: ';
    const message = `${'x'.repeat(4_095 - prefix.length)}\u{1F525}`;
    const { headers } = (
      await http.post(`/v1/nodes/${node.uuid}/vendor_passthru/fail`, { message, kind: 'conflict' })
    ).expect(202);
    const id = String(headers.location).split('/').at(-1) ?? '';
    await until(() => isOver(id));
    expect(await show(id)).toMatchObject({ state: 'failed', error: { message } });
    expect(await nodeField('last_error')).toBe(`${prefix}${message.slice(0, -2)}\uFFFD`);
  });

  describe('whose end PostgreSQL rejects', () => {
    /** The expression gives the SQLSTATE with which the end of a job fails; null lets it pass. */
    const reject = async (sqlState: string) => {
      await sql(`create or replace function test_reject() returns trigger language plpgsql as $$
        declare rejection text := ${sqlState};
        begin
          if rejection is not null then raise exception 'planted' using errcode = rejection; end if;
          return new;
        end $$`);
    };
    let id: string;
    beforeEach(async () => {
      await sql('create sequence test_attempts');
      await reject('null');
      await sql(`create trigger test_reject before update on jobs for each row
                 when (new.finished_at is not null) execute function test_reject()`);
      node = await newNode('watched-hardware', 'watch');
      id = await write('watch_job', { id: node.uuid }, ['watched-hardware', 'watch']);
    });
    afterEach(async () => {
      await sql('drop trigger if exists test_reject on jobs');
      await sql('drop sequence test_attempts');
      await until(() => isOver(id));
    });

    it('ends with an unknown outcome, even if that cannot be stored at once', async () => {
      await reject(`case when new.state = 'succeeded' then '22P02'
                         when nextval('test_attempts') < 3 then '53200' end`);
      await app.get(JobProcessor).process([id], 'fake-hardware');
      await until(() => isOver(id));
      expect(await show(id)).toMatchObject({ state: 'outcome-unknown', error: { code: 'ResultNotStored' } });
      expect(await nodeField('reservation')).toBeNull();
      expect(watch.begun().get(node.uuid)).toBe(1);
    });

    it('ends with an unknown outcome if it is too large to be written in time', async () => {
      await app.get(JobProcessor).process([id], 'fake-hardware');
      node = await newNode('fake-hardware', 'fake-options');
      id = await write('echo', { text: 'x'.repeat(5_000_000) });
      // 57014: the statement was cancelled because it took too long.
      await reject(`case when new.state = 'succeeded' then '57014' end`);
      await app.get(JobProcessor).process([id], 'fake-hardware');
      await until(() => isOver(id));
      expect(await show(id)).toMatchObject({ state: 'outcome-unknown', error: { code: 'ResultNotStored' } });
    });

    it('is not run again while its end cannot be stored', async () => {
      await reject(`case when nextval('test_attempts') > 0 then '22P02' end`);
      await app.get(JobProcessor).process([id], 'fake-hardware');
      const attempts = async () =>
        Number((await sql<{ last_value: string }>('select last_value from test_attempts'))[0]?.last_value);
      await until(async () => (await attempts()) >= 3);
      for (let looks = 0; looks < 3; looks++) await app.get(ForgottenJobs).search.run();
      expect((await show(id)).state).toBe('running');
      expect(watch.begun().get(node.uuid)).toBe(1);
    });
  });

  it('ends with an unknown outcome if the service fails while it runs the method', async () => {
    node = await newNode('watched-hardware', 'watch');
    const id = await write('watch_job', { id: node.uuid }, ['watched-hardware', 'watch']);
    const log = (message: unknown) => {
      if (String(message).startsWith(`Job ${id} started`)) throw new Error('planted');
    };
    app.useLogger({ log, warn: () => {}, error: () => {} });
    await app.get(JobProcessor).process([id], 'fake-hardware');
    await until(() => isOver(id));
    app.useLogger(false);
    expect(await show(id)).toMatchObject({ state: 'outcome-unknown', error: { code: 'InternalError' } });
    expect(await nodeField('reservation')).toBeNull();
    expect(await nodeField('last_error')).toContain('its outcome is unknown');
    expect(watch.begun().get(node.uuid)).toBe(1);
  });

  it('leaves a last_error alone that passthru did not write', async () => {
    await sql(`update nodes set last_error = 'power failed' where id = $1`, [node.id]);
    (await http.put(`/v1/nodes/${node.uuid}/vendor_passthru/note`, { key: 'a', value: 1 })).expect(200);
    expect(await nodeField('last_error')).toBe('power failed');
  });

  it('shows its arguments and the fence of its lock, and neither if an earlier version accepted it', async () => {
    const path = `/v1/nodes/${node.uuid}/vendor_passthru`;
    const of = async (method: string, args: object) => {
      const id = String((await http.post(`${path}/${method}`, args)).expect(202).headers.location)
        .split('/')
        .at(-1);
      await until(() => isOver(id ?? ''));
      return show(id ?? '');
    };
    const fences = [];
    for (const steps of [1, 2]) {
      const { args, fence } = await of('report_progress', { steps });
      expect(args).toEqual({ steps });
      fences.push(fence);
    }
    const [first, second] = fences;
    expect(second).toBeGreaterThan(first ?? NaN);
    expect(await of('collect_log', { lines: 1 })).toMatchObject({ args: { lines: 1 }, fence: null });
    const { id, args } = await of('fail', { message: 'x'.repeat(20_000) });
    expect(args).toContain('too many');
    await sql('update jobs set shown_args = null, lock_fence = null where id = $1', [id]);
    expect(await show(id)).toMatchObject({ args: null, fence: null });
  });

  it('has no arguments any more once it has ended', async () => {
    const { headers } = (
      await http.post(`/v1/nodes/${node.uuid}/vendor_passthru/fail`, { message: 'planted' })
    ).expect(202);
    const id = String(headers.location).split('/').at(-1) ?? '';
    await until(() => isOver(id));
    expect(await sql('select args from jobs where id = $1', [id])).toEqual([{ args: {} }]);
  });

  describe('that is cancelled', () => {
    const cancel = (id: string) => http.delete(`/v1/jobs/${id}`);
    const asked = { cancel_requested_at: expect.any(String), cancel_requested_by: null };
    /** Both the code and the message. */
    const notFound = async (answer: Promise<Answer>) => (await answer).expect(404).fault;

    it('does not run if it was queued, and its node is free at once', async () => {
      await sql(`update nodes set last_error = 'power failed' where id = $1`, [node.id]);
      const id = await write('note', { key: 'k', value: 'must not be there' });
      const job = (await cancel(id)).expect(200).json<JobView>();
      const error = {
        code: 'JobCancelled',
        message: 'The job was cancelled before its method was called.',
      };
      expect(job).toMatchObject({ ...asked, id, state: 'cancelled', error, result: null, started_at: null });
      expect(await show(id)).toEqual(job);
      expect(await nodeField('reservation')).toBeNull();
      await app.get(JobProcessor).process([id], 'fake-hardware');
      expect(await show(id)).toEqual(job);
      expect(await nodeField('driver_internal_info')).toEqual({});
      expect(await nodeField('last_error')).toBe('power failed');
      expect((await cancel(id)).expect(200).json()).toEqual(job);
    });

    it('is refused if it has ended otherwise', async () => {
      const id = await write('note', { key: 'k', value: 'v' });
      await app.get(JobProcessor).process([id], 'fake-hardware');
      await until(() => isOver(id));
      const refused = (await cancel(id)).expect(409);
      expect(refused.fault.faultstring).toBe(`Job ${id} has ended as succeeded, so it cannot be cancelled.`);
      expect((await show(id)).cancel_requested_at).toBeNull();
    });

    it('is stopped if it runs; asking again is harmless', async () => {
      const id = await write('sleep', { seconds: 3600 });
      await app.get(JobProcessor).process([id], 'fake-hardware');
      const first = (await cancel(id)).expect(202).json<JobView>();
      expect(first).toMatchObject({ ...asked, id });
      await until(() => isOver(id));
      const job = await show(id);
      expect(job).toMatchObject({ state: 'cancelled', error: { code: 'JobCancelled' }, result: null });
      expect(job.cancel_requested_at).toBe(first.cancel_requested_at);
      expect(await nodeField('reservation')).toBeNull();
      expect(await nodeField('last_error')).toBe(
        'Async execution of sleep failed with error: The job was cancelled; what its method had already done remains.',
      );
    });

    it('succeeds if its method does so all the same', async () => {
      node = await newNode('watched-hardware', 'watch');
      const gate = watch.gate();
      const args = { id: 'deaf', gate: gate.path, deaf: true };
      const id = await write('watch_job', args, ['watched-hardware', 'watch']);
      await app.get(JobProcessor).process([id], 'fake-hardware');
      const first = (await cancel(id)).expect(202).json<JobView>();
      expect((await cancel(id)).expect(202).json()).toEqual(first);
      expect(first).toMatchObject({ ...asked, state: 'running' });
      expect(await nodeField('reservation')).toBe('cond-a');
      gate.open();
      await until(() => isOver(id));
      expect(await show(id)).toMatchObject({ ...asked, state: 'succeeded', result: { id: 'deaf' } });
    });

    it('is not run if it was returned to the queue meanwhile', async () => {
      const id = await write('note', { key: 'k', value: 'must not be there' });
      const job = await app.get(JobAdopter).adopt(id);
      if (!job) throw new Error('The job was not adopted.');
      (await cancel(id)).expect(202);
      await app.get(JobRecorder).giveBack(job);
      await app.get(JobProcessor).process([id], 'fake-hardware');
      await until(() => isOver(id));
      expect(await show(id)).toMatchObject({ ...asked, state: 'cancelled' });
      expect(await nodeField('driver_internal_info')).toEqual({});
      expect(await nodeField('reservation')).toBeNull();
    });

    it('is not run if it was adopted, but its method not yet called', async () => {
      const id = await write('note', { key: 'k', value: 'must not be there' });
      const job = await app.get(JobAdopter).adopt(id);
      if (!job) throw new Error('The job was not adopted.');
      (await cancel(id)).expect(202);
      const lines: string[] = [];
      const log = (message: unknown) => void lines.push(String(message));
      app.useLogger({ log, warn: log, error: log });
      await app.get(JobRunner).run(job);
      app.useLogger(false);
      expect(lines.filter((line) => line.startsWith(`Job ${id} `))).toEqual([
        expect.stringMatching(/ cancelled: .* before its method was called\. /),
      ]);
      const message = 'The job was cancelled before its method was called.';
      expect(await show(id)).toMatchObject({ ...asked, state: 'cancelled', error: { message } });
      expect(await nodeField('driver_internal_info')).toEqual({});
      expect(await nodeField('last_error')).toBeNull();
      expect(await nodeField('reservation')).toBeNull();
    });

    it('is stopped by the process that runs it if another one was asked', async () => {
      const id = await write('sleep', { seconds: 3600 });
      await app.get(JobProcessor).process([id], 'fake-hardware');
      await sql('update jobs set cancel_requested_at = now() where id = $1', [id]);
      await app.get(StoppedJobs).search.run();
      await until(() => isOver(id));
      expect(await show(id)).toMatchObject({ state: 'cancelled' });
    });

    it('is in the audit, with whoever asked', async () => {
      const id = await write('note', { key: 'k', value: 'x' });
      const requestId = (await cancel(id)).expect(200).headers['x-openstack-request-id'];
      const records = async () =>
        (await http.get(`/v1/audit?node=${node.uuid}`))
          .expect(200)
          .json<{ audit: Record<string, unknown>[] }>()
          .audit.filter(({ action }) => action !== 'baremetal:node:create');
      await until(async () => (await records()).length === 3);
      const subject = { node: node.uuid, driver: 'fake-hardware', method: 'note' };
      const cancelling = { ...subject, action: 'ferrule:job:cancel', request_id: requestId };
      expect((await records()).reverse()).toEqual([
        expect.objectContaining({ ...cancelling, event: 'begin', job: id }),
        expect.objectContaining({ ...subject, event: 'job', job: id, state: 'cancelled' }),
        expect.objectContaining({ ...cancelling, event: 'end', job: id, status: 200 }),
      ]);
    });

    it.each([randomUUID(), 'nosuch'])('is 404 as for GET if there is none: %s', async (id) => {
      expect(await notFound(cancel(id))).toEqual(await notFound(http.get(`/v1/jobs/${id}`)));
    });
  });

  describe('that a client waits for', () => {
    const waitFor = (id: string, seconds: number) => http.get(`/v1/jobs/${id}?wait=${seconds}`);
    const waiters = () => app.get(JobWaiters).size;

    it('is answered when it has ended, wherever that is', async () => {
      node = await newNode('watched-hardware', 'watch');
      const gate = watch.gate();
      const id = await write('watch_job', { id: 'awaited', gate: gate.path }, ['watched-hardware', 'watch']);
      await app.get(JobProcessor).process([id], 'fake-hardware');
      const answers = [waitFor(id, 60), waitFor(id, 60)];
      await until(() => waiters() === 2);
      gate.open();
      for (const answer of await Promise.all(answers))
        expect(answer.expect(200).json()).toMatchObject({ id, state: 'succeeded' });
      expect(waiters()).toBe(0);

      const elsewhere = await write('report_progress', {});
      const answer = waitFor(elsewhere, 60);
      await until(() => waiters() === 1);
      await sql(`update jobs set state = 'cancelled', finished_at = now() where id = $1`, [elsewhere]);
      expect((await answer).expect(200).json()).toMatchObject({ state: 'cancelled' });
      expect((await waitFor(elsewhere, 60)).expect(200).json()).toMatchObject({ state: 'cancelled' });
    });

    it('is answered as it is when the time is over, and 404 when it was deleted', async () => {
      const id = await write('report_progress', {});
      expect((await waitFor(id, 0)).expect(200).json()).toMatchObject({ state: 'queued' });
      expect((await waitFor(id, 1)).expect(200).json()).toMatchObject({ state: 'queued' });
      const answer = waitFor(id, 60);
      await until(() => waiters() === 1);
      await sql('delete from jobs where id = $1', [id]);
      expect((await answer).status).toBe(404);
    });

    it('is not waited for any more when the client has left', async () => {
      const id = await write('report_progress', {});
      const leaving = new AbortController();
      const gone = expect(http.get(`/v1/jobs/${id}?wait=60`, { signal: leaving.signal })).rejects.toThrow(
        /abort/i,
      );
      await until(() => waiters() === 1);
      leaving.abort();
      await gone;
      await until(() => waiters() === 0);
    });

    it.each(['-1', '61', '1.5', 'x', ''])('is 400 for wait=%s', async (wait) => {
      const answer = (await http.get(`/v1/jobs/${randomUUID()}?wait=${wait}`)).expect(400);
      expect(answer.fault.faultstring).toContain('at most 60');
    });

    it('is 304 for those who know it, until it changes', async () => {
      const id = await write('report_progress', {});
      const ask = (etag: string, query = '') =>
        http.get(`/v1/jobs/${id}${query}`, { headers: { 'If-None-Match': etag } });
      const { etag = '' } = (await http.get(`/v1/jobs/${id}`)).expect(200).headers;
      for (const query of ['', '?wait=1']) {
        const known = (await ask(etag, query)).expect(304);
        expect([known.text, known.headers.etag]).toEqual(['', etag]);
      }
      const answer = ask(etag, '?wait=60');
      await until(() => waiters() === 1);
      (await http.delete(`/v1/jobs/${id}`)).expect(200);
      const changed = (await answer).expect(200);
      expect(changed.json()).toMatchObject({ state: 'cancelled' });
      expect(changed.headers.etag).not.toBe(etag);
    });
  });

  it('is deleted after its retention', async () => {
    const id = await write('report_progress', {});
    await app.get(JobProcessor).process([id], 'fake-hardware');
    await until(() => isOver(id));
    await sql(`update jobs set finished_at = now() - interval '1 year' where id = $1`, [id]);
    await app.get(JobRetention).search.run();
    expect((await http.get(`/v1/jobs/${id}`)).status).toBe(404);
  });
});
