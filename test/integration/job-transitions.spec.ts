import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Database } from '../../src/database/database.js';
import { accept, type NewJobRow } from '../../src/database/transitions/accept.js';
import { adopt, type AdoptedRow } from '../../src/database/transitions/adopt.js';
import { enqueueAgain } from '../../src/database/transitions/enqueue-again.js';
import { type EndingRow, finish } from '../../src/database/transitions/finish.js';
import { giveBack, giveBackForgotten } from '../../src/database/transitions/give-back.js';
import { giveUp } from '../../src/database/transitions/give-up.js';
import { LAST_ERROR } from '../../src/jobs/job.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { insertNode, type NodeKey } from '../support/nodes.js';
import { until } from '../support/until.js';

interface Row {
  readonly [column: string]: unknown;
}

describe('the transitions of jobs', () => {
  let temporary: TestDatabase;
  let database: Database;
  let statements = 0;
  const conductor = { id: randomUUID(), hostname: 'cond-a' };
  const other = { id: randomUUID(), hostname: 'cond-b' };
  const acquirer = { hostname: conductor.hostname, latestDatabaseTime: Infinity };

  beforeAll(async () => {
    temporary = await testDatabase();
    database = temporary.open();
    for (const { id, hostname } of [conductor, other]) await register(id, hostname, '1 hour');
  });
  afterAll(async () => {
    await database.close();
    await temporary.drop();
  });

  const sql = <R extends Row>(text: string, values: unknown[] = []): Promise<R[]> =>
    database.query<R>({ name: `test-transitions-${statements++}`, text }, values);

  const register = (id: string, hostname: string, lease: string) =>
    sql('insert into conductors (id, hostname, expires_at) values ($1, $2, now() + $3::interval)', [
      id,
      hostname,
      lease,
    ]);

  const newNode = (): Promise<NodeKey> => insertNode(database);

  const newJob = (node: NodeKey | null, members: Partial<NewJobRow> = {}): NewJobRow => ({
    id: randomUUID(),
    driver: 'fake-hardware',
    vendor_interface: 'fake',
    method: 'work',
    http_method: 'POST',
    request_id: 'req-test',
    caller: 'somebody',
    args: { password: 'secret' },
    node_id: node?.id ?? null,
    node_uuid: node?.uuid ?? null,
    node_updated_at: null,
    token: node && randomUUID(),
    ...members,
  });

  const acceptAll = (...jobs: NewJobRow[]) => accept(database.hot, jobs, acquirer);
  const jobRow = async (id: string) => (await sql('select * from jobs where id = $1', [id]))[0];
  const lockOf = async ({ id }: NodeKey) =>
    (
      await sql('select token, job_id, fence, holder, conductor_id from reservations where node_id = $1', [
        id,
      ])
    )[0];

  const adoptOne = async (id: string, by = conductor) => (await adopt<Row>(database.hot, [id], by))[0];
  const ending = (id: string, members: Partial<EndingRow> = {}): EndingRow => ({
    id,
    adoption: 1,
    state: 'succeeded',
    result: '{"answer":42}',
    error: null,
    progress: null,
    node_error: 'clear',
    last_error: null,
    ...members,
  });

  async function running(node: NodeKey | null): Promise<NewJobRow> {
    const [row] = await sql<{ updated_at: string | null }>('select updated_at from nodes where id = $1', [
      node?.id,
    ]);
    const job = newJob(node, { node_updated_at: row?.updated_at ?? null });
    expect(await acceptAll(job)).toEqual(['accepted']);
    expect(await adoptOne(job.id)).toMatchObject({ id: job.id });
    return job;
  }

  describe('accept', () => {
    it('reports the outcome of each job in a batch, and writes nothing for those that it does not accept', async () => {
      const [free, held, changed] = [await newNode(), await newNode(), await newNode()];
      expect(await acceptAll(newJob(held))).toEqual(['accepted']);
      const before = await lockOf(held);
      await sql('update nodes set updated_at = now() where id = $1', [changed.id]);
      const gone = { id: '999999999', uuid: randomUUID() };
      const jobs = [newJob(free), newJob(held), newJob(changed), newJob(gone), newJob(null)];

      expect(await acceptAll(...jobs)).toEqual(['accepted', 'busy', 'changed', 'gone', 'accepted']);
      expect(await lockOf(free)).toEqual({
        token: jobs[0]?.token,
        job_id: jobs[0]?.id,
        fence: '1',
        holder: 'cond-a',
        conductor_id: null,
      });
      expect(await lockOf(held)).toEqual(before);
      expect(await lockOf(changed)).toBeUndefined();
      const written = await sql('select id from jobs where id = any ($1::uuid[]) order by seq', [
        jobs.map(({ id }) => id),
      ]);
      expect(written).toEqual([{ id: jobs[0]?.id }, { id: jobs[4]?.id }]);
    });

    it('accepts any number of calls of one node that need no lock', async () => {
      const node = await newNode();
      const jobs = [newJob(node, { token: null }), newJob(node), newJob(node, { token: null })];
      expect(await acceptAll(...jobs)).toEqual(['accepted', 'accepted', 'accepted']);
      expect(await lockOf(node)).toMatchObject({ job_id: jobs[1]?.id });
    });

    it('takes the lock of a process whose lease has ended, and never that of another job', async () => {
      const node = await newNode();
      const dead = randomUUID();
      await register(dead, 'cond-dead', '-1 second');
      await sql(
        `insert into reservations (node_id, token, fence, holder, conductor_id) values ($1, $2, 7, 'cond-dead', $3)`,
        [node.id, randomUUID(), dead],
      );
      const job = newJob(node);
      // By this process's count the lease has not ended, so the clock of the database was set forward.
      const early = { ...acquirer, latestDatabaseTime: Date.now() - 3_600_000 };
      expect(await accept(database.hot, [job], early)).toEqual(['busy']);
      expect(await acceptAll(job)).toEqual(['accepted']);
      expect(await lockOf(node)).toMatchObject({ fence: '8', job_id: job.id });
      expect(await acceptAll(newJob(node))).toEqual(['busy']);
    });

    it('gives only one of two concurrent batches the lock of a node', async () => {
      const nodes = await Promise.all([newNode(), newNode(), newNode()]);
      const batches = [nodes, nodes.toReversed()].map((order) => order.map((node) => newJob(node)));
      const outcomes = (await Promise.all(batches.map((batch) => acceptAll(...batch)))).flat();
      expect(outcomes.toSorted()).toEqual(['accepted', 'accepted', 'accepted', 'busy', 'busy', 'busy']);
    });
  });

  describe('adopt', () => {
    it('takes a queued job once, with its lock and its node', async () => {
      const node = await newNode();
      const job = newJob(node);
      await acceptAll(job);
      const [first, second] = await Promise.all([adoptOne(job.id), adoptOne(job.id, other)]);
      const [taken, late] = first === 'elsewhere' ? [second, first] : [first, second];
      expect(late).toBe('elsewhere');
      expect(taken).toMatchObject({
        id: job.id,
        args: { password: 'secret' },
        caller: 'somebody',
        token: job.token,
        fence: '1',
        node: { id: node.id, uuid: node.uuid, vendor_interface: 'fake', driver_info: {} },
      });
      expect((await jobRow(job.id))?.['state']).toBe('running');
    });

    it('names the conductor that runs it as the holder of the lock', async () => {
      const node = await newNode();
      const job = newJob(node);
      await acceptAll(job);
      await adoptOne(job.id, other);
      expect(await lockOf(node)).toMatchObject({ holder: 'cond-b', job_id: job.id });
    });

    it('distinguishes a job that is no longer queued from one whose lock is gone, and refuses the latter', async () => {
      const node = await newNode();
      const [ran, robbed] = [await running(await newNode()), newJob(node)];
      await acceptAll(robbed);
      await sql('update reservations set token = gen_random_uuid() where node_id = $1', [node.id]);
      expect(await adopt(database.hot, [ran.id, robbed.id, randomUUID()], other)).toEqual([
        'elsewhere',
        'lock-gone',
        'elsewhere',
      ]);
      expect((await jobRow(ran.id))?.['state']).toBe('running');
      expect(await jobRow(robbed.id)).toMatchObject({
        state: 'refused',
        error: { code: 'NodeLockLost' },
        args: {},
      });
    });

    it('adopts nothing for a process whose lease has ended', async () => {
      const job = newJob(null);
      await acceptAll(job);
      const dead = { id: randomUUID(), hostname: 'cond-dead' };
      await register(dead.id, dead.hostname, '-1 second');
      expect(await adoptOne(job.id, dead)).toBe('elsewhere');
      expect((await jobRow(job.id))?.['state']).toBe('queued');
    });
  });

  describe('finish', () => {
    it('records endings, frees locks, keeps files and notes errors together', async () => {
      const [fine, bad] = [await newNode(), await newNode()];
      const [good, failed] = [await running(fine), await running(bad)];
      const body = Buffer.from([0, 1, 254, 255]);
      const endings = [
        ending(good.id, { progress: '{"percent":100,"message":null}' }),
        ending(failed.id, {
          state: 'failed',
          result: null,
          error: '{"code":"X","message":"it\\u0000broke"}',
          node_error: 'note',
          last_error: 'it broke',
        }),
      ];
      const file = { job_id: good.id, content_type: 'text/plain', filename: null, body };
      expect(await finish(database.hot, endings, [file])).toEqual([true, true]);
      expect(await jobRow(good.id)).toMatchObject({
        state: 'succeeded',
        result: { answer: 42 },
        progress: { percent: 100 },
        has_attachment: true,
        args: {},
      });
      expect(await jobRow(failed.id)).toMatchObject({ state: 'failed', has_attachment: false });
      expect(await sql('select * from job_attachments where job_id = $1', [good.id])).toEqual([file]);
      expect(await lockOf(fine)).toMatchObject({ token: null, job_id: null, fence: '1' });
      expect(await lockOf(bad)).toMatchObject({ token: null });
      const errors = 'select last_error, last_error_by_passthru from nodes where id = $1';
      expect(await sql(errors, [bad.id])).toEqual([{ last_error: 'it broke', last_error_by_passthru: true }]);

      const next = await running(bad);
      await finish(database.hot, [ending(next.id)], []);
      expect(await sql(errors, [bad.id])).toEqual([{ last_error: null, last_error_by_passthru: false }]);
    });

    it('changes a job once, and only in the adoption that it names', async () => {
      const node = await newNode();
      const job = await running(node);
      await giveBack(database.hot, { id: job.id, adoption: 1 });
      expect(await adoptOne(job.id)).toMatchObject({ adoption: 2 });
      expect(await finish(database.hot, [ending(job.id)], [])).toEqual([false]);
      expect(await lockOf(node)).toMatchObject({ token: job.token });
      expect(await finish(database.hot, [ending(job.id, { adoption: 2 })], [])).toEqual([true]);
      expect(await finish(database.hot, [ending(job.id, { adoption: 2, result: '1' })], [])).toEqual([false]);
      expect(await jobRow(job.id)).toMatchObject({ result: { answer: 42 } });
    });
  });

  describe('give back', () => {
    it('puts a job back with its lock', async () => {
      const node = await newNode();
      const job = await running(node);
      await giveBack(database.hot, { id: job.id, adoption: 1 });
      expect(await jobRow(job.id)).toMatchObject({ state: 'queued', conductor: null, started_at: null });
      const again = (await adoptOne(job.id, other)) as AdoptedRow<Row>;
      expect(again).toMatchObject({ token: job.token, fence: '1', adoption: 2 });
    });

    it('changes nothing when it is executed late, after the same process adopted the job again', async () => {
      const job = await running(null);
      const first = { id: job.id, adoption: 1 };
      await giveBack(database.hot, first);
      await adoptOne(job.id);
      await giveBack(database.hot, first);
      expect(await jobRow(job.id)).toMatchObject({ state: 'running', conductor_id: conductor.id });
      await finish(database.hot, [ending(job.id, { adoption: 2 })], []);
    });

    it('finds jobs whose adoption was never answered', async () => {
      const look = (known: NewJobRow[], before: string) =>
        giveBackForgotten(
          database.hot,
          conductor.id,
          known.map(({ id }) => id),
          before,
        );
      const [known, forgotten] = [await running(null), await running(null)];
      const first = await look([known, forgotten], 'infinity');
      const fresh = await running(null);
      expect((await look([known], first.lookedAt)).ids).toEqual([forgotten.id]);
      expect((await jobRow(fresh.id))?.['state']).toBe('running');
      await finish(database.hot, [ending(known.id), ending(fresh.id)], []);
    });

    it('gives back nothing that started after the earlier look, even if the statement is executed late', async () => {
      const { lookedAt } = await giveBackForgotten(database.hot, conductor.id, [], '-infinity');
      const job = await running(null);
      await sql(`update jobs set started_at = $2::timestamptz + interval '1 microsecond' where id = $1`, [
        job.id,
        lookedAt,
      ]);
      expect((await giveBackForgotten(database.hot, conductor.id, [], lookedAt)).ids).toEqual([]);
      await finish(database.hot, [ending(job.id)], []);
    });
  });

  it('gives up the jobs of dead conductors: unknown outcome, broken lock, new fence', async () => {
    const [lost, alive] = [await newNode(), await newNode()];
    const dead = { id: randomUUID(), hostname: 'cond-dead' };
    await register(dead.id, dead.hostname, '1 hour');
    const [job, kept] = [newJob(lost), await running(alive)];
    await acceptAll(job);
    await adoptOne(job.id, dead);
    expect(
      await giveUp(database.hot, { message: 'it fell silent', lastError: LAST_ERROR }, 100, Infinity),
    ).toEqual([]);
    await sql('delete from conductors where id = $1', [dead.id]);
    expect(
      await giveUp(database.hot, { message: 'it fell silent', lastError: LAST_ERROR }, 100, Infinity),
    ).toEqual([job.id]);
    expect(await jobRow(job.id)).toMatchObject({
      state: 'outcome-unknown',
      error: { code: 'ConductorLost', message: 'it fell silent' },
      args: {},
    });
    expect(await lockOf(lost)).toMatchObject({ token: null, job_id: null, fence: '2' });
    expect(await lockOf(alive)).toMatchObject({ token: kept.token });
    expect(await finish(database.hot, [ending(job.id)], [])).toEqual([false]);
  });

  describe('the order of row locks', () => {
    const foreign = { id: randomUUID(), hostname: 'cond-foreign' };
    let session: pg.Client;
    let pid: number;
    beforeAll(async () => {
      await register(foreign.id, foreign.hostname, '1 hour');
      session = new pg.Client({ ...temporary.connection });
      await session.connect();
      const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
      pid = rows[0]?.pid ?? 0;
    });
    afterAll(() => session.end());

    const isWaitedFor = async () =>
      (await sql('select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))', [pid])).length > 0;

    async function against(first: NodeKey, later: [string, NodeKey][], transition: () => Promise<unknown>) {
      await session.query('begin');
      await session.query('select from reservations where node_id = $1 for update', [first.id]);
      const result = transition();
      await until(isWaitedFor);
      for (const [statement, { id }] of later) await session.query(statement, [id]);
      await session.query('commit');
      return result;
    }
    const lockReservation = 'select from reservations where node_id = $1 for update';
    const lockNode = 'select from nodes where id = $1 for no key update';

    /** Two jobs of which the one with the smaller id belongs to the later node. */
    async function twoJobs(): Promise<{ nodes: [NodeKey, NodeKey]; jobs: [NewJobRow, NewJobRow] }> {
      const nodes: [NodeKey, NodeKey] = [await newNode(), await newNode()];
      const [small, large] = [randomUUID(), randomUUID()].sort();
      const jobs: [NewJobRow, NewJobRow] = [
        newJob(nodes[0], { id: large ?? '' }),
        newJob(nodes[1], { id: small ?? '' }),
      ];
      await acceptAll(jobs[1]);
      await acceptAll(jobs[0]);
      return { nodes, jobs };
    }

    it('is that of the nodes when jobs are adopted under another host name', async () => {
      const { nodes, jobs } = await twoJobs();
      const ids = jobs.map(({ id }) => id);
      const adopted = await against(nodes[0], [[lockReservation, nodes[1]]], () =>
        adopt(database.hot, ids, foreign),
      );
      expect(adopted).toMatchObject(ids.map((id) => ({ id })));
      expect(await lockOf(nodes[1])).toMatchObject({ holder: foreign.hostname });
    });

    it('is reservations before nodes when jobs end', async () => {
      const { nodes, jobs } = await twoJobs();
      const ids = jobs.map(({ id }) => id);
      await adopt(database.hot, ids, conductor);
      const endings = ids.map((id) => ending(id, { state: 'failed', node_error: 'note', last_error: 'x' }));
      const later: [string, NodeKey][] = [
        [lockReservation, nodes[1]],
        [lockNode, nodes[0]],
        [lockNode, nodes[1]],
      ];
      expect(await against(nodes[0], later, () => finish(database.hot, endings, []))).toEqual([true, true]);
    });

    it('is that of their ids when jobs end', async () => {
      const { jobs } = await twoJobs();
      const [large, small] = jobs;
      await adopt(database.hot, [large.id, small.id], conductor);
      await session.query('begin');
      await session.query('select from jobs where id = $1 for update', [small.id]);
      const ended = finish(database.hot, [ending(large.id), ending(small.id)], []);
      await until(isWaitedFor);
      await session.query('select from jobs where id = $1 for update', [large.id]);
      await session.query('commit');
      expect(await ended).toEqual([true, true]);
    });

    it('is the same when jobs are given up', async () => {
      const { nodes, jobs } = await twoJobs();
      const ids = jobs.map(({ id }) => id);
      const dead = { id: randomUUID(), hostname: 'cond-dead' };
      await register(dead.id, dead.hostname, '1 hour');
      await adopt(database.hot, ids, dead);
      await sql('delete from conductors where id = $1', [dead.id]);
      const later: [string, NodeKey][] = [
        [lockReservation, nodes[1]],
        [lockNode, nodes[0]],
        [lockNode, nodes[1]],
      ];
      const given = await against(nodes[0], later, () =>
        giveUp(database.hot, { message: 'it fell silent', lastError: LAST_ERROR }, 100, Infinity),
      );
      expect(given).toEqual(expect.arrayContaining(ids));
    });

    it('lets jobs of a node be accepted while another job of it ends', async () => {
      const node = await newNode();
      const job = await running(node);
      await session.query('begin');
      await session.query('select from nodes where id = $1 for key share', [node.id]);
      const ended = ending(job.id, { state: 'failed', node_error: 'note', last_error: 'x' });
      expect(await finish(database.hot, [ended], [])).toEqual([true]);
      await session.query('commit');
    });
  });

  it('claims overdue jobs for one process at a time, oldest first', async () => {
    await sql(`update jobs set state = 'refused' where state = 'queued'`);
    const jobs = [newJob(null), newJob(null), newJob(null)];
    await acceptAll(...jobs);
    const ids = jobs.map(({ id }) => id);
    await sql(`update jobs set enqueued_at = now() - interval '1 minute' where id = any ($1::uuid[])`, [ids]);
    expect(await enqueueAgain(database.hot, 5, 2)).toEqual(expect.arrayContaining(ids.slice(0, 2)));
    const claims = await Promise.all([enqueueAgain(database.hot, 5, 9), enqueueAgain(database.hot, 5, 9)]);
    expect(claims.flat()).toEqual([ids[2]]);
  });
});
