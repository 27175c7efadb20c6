import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { AuditUnavailable } from '../../../src/database/faults/errors.js';
import { cancelRequests } from '../../../src/database/reads/cancel-requests.js';
import { adopt } from '../../../src/database/transitions/adopt.js';
import { cancel } from '../../../src/database/transitions/cancel.js';
import { finish } from '../../../src/database/transitions/finish.js';
import { giveBack } from '../../../src/database/transitions/give-back.js';
import { giveUp } from '../../../src/database/transitions/give-up.js';
import { LAST_ERROR } from '../../../src/jobs/record/job.js';
import { AUDITED } from '../../support/database.js';
import { until } from '../../support/until.js';
import { ending, endOf, newJob, type Row, TransitionStage } from './stage.js';

describe('cancel', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  let session: pg.Client;
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
    session = new pg.Client({ ...stage.temporary.connection });
    await session.connect();
  });
  afterAll(async () => {
    await session.end();
    await stage.close();
  });

  const cancelBy = (id: string, by: string | null = 'ops') =>
    cancel(database.hot, { id, by, message: 'never called' }, AUDITED);
  const requests = (conductor = stage.conductor) => cancelRequests(database.hot, conductor.id);

  it('ends a queued job, frees its lock and tells the audit, and leaves the error of the node alone', async () => {
    const node = await stage.newNode();
    await stage.sql(`update nodes set last_error = 'power failed', updated_at = null where id = $1`, [
      node.id,
    ]);
    const job = newJob(node);
    await stage.acceptAll(job);
    expect(await cancelBy(job.id)).toEqual({ outcome: 'cancelled' });
    expect(await stage.jobRow(job.id)).toMatchObject({
      state: 'cancelled',
      error: { code: 'JobCancelled', message: 'never called' },
      args: {},
      finished_at: expect.any(String),
      cancel_requested_at: expect.any(String),
      cancel_requested_by: 'ops',
    });
    expect(await stage.auditOf(job.id)).toEqual([endOf(job, 'cancelled', 'JobCancelled')]);
    expect(await stage.lockOf(node)).toMatchObject({ token: null, job_id: null, fence: '1' });
    const errors = await stage.sql('select last_error, updated_at from nodes where id = $1', [node.id]);
    expect(errors).toEqual([{ last_error: 'power failed', updated_at: null }]);

    expect(await stage.adoptOne(job.id)).toBe('elsewhere');
    expect(await cancelBy(job.id)).toEqual({ outcome: 'ended', state: 'cancelled' });
    expect(await stage.auditOf(job.id)).toHaveLength(1);
  });

  it('asks the conductor of a running job, once, and keeps the lock', async () => {
    const node = await stage.newNode();
    const job = await stage.running(node);
    expect(await requests()).toEqual([]);
    expect(await cancelBy(job.id)).toEqual({ outcome: 'asked' });
    const asked = await stage.jobRow(job.id);
    expect(asked).toMatchObject({ state: 'running', cancel_requested_by: 'ops', finished_at: null });
    expect(await cancelBy(job.id, 'another')).toEqual({ outcome: 'asked' });
    expect(await stage.jobRow(job.id)).toEqual(asked);
    expect(await stage.lockOf(node)).toMatchObject({ token: job.token });
    expect(await stage.auditOf(job.id)).toEqual([]);

    expect(await requests()).toEqual([job.id]);
    expect(await requests(stage.other)).toEqual([]);
    expect(await finish(database.hot, [ending(job.id)], [], AUDITED)).toEqual([true]);
    expect(await requests()).toEqual([]);
    expect(await cancelBy(job.id)).toEqual({ outcome: 'ended', state: 'succeeded' });
    expect(await stage.jobRow(job.id)).toMatchObject({ state: 'succeeded', cancel_requested_by: 'ops' });
  });

  it('ends a job of a driver, which has no lock', async () => {
    const job = newJob(null);
    await stage.acceptAll(job);
    expect(await cancelBy(job.id, null)).toEqual({ outcome: 'cancelled' });
    expect(await stage.jobRow(job.id)).toMatchObject({ state: 'cancelled', cancel_requested_by: null });
  });

  it('knows no other jobs', async () => {
    expect(await cancelBy(randomUUID())).toEqual({ outcome: 'gone' });
  });

  it('counts for a job that was returned to the queue, whoever asks next', async () => {
    const job = await stage.running(await stage.newNode());
    await cancelBy(job.id, 'first');
    await giveBack(database.hot, { id: job.id, adoption: 1 });
    expect(await stage.adoptOne(job.id)).toMatchObject({ adoption: 2, is_cancelled: true });
    await giveBack(database.hot, { id: job.id, adoption: 2 });
    expect(await cancelBy(job.id, 'second')).toEqual({ outcome: 'cancelled' });
    expect(await stage.jobRow(job.id)).toMatchObject({ state: 'cancelled', cancel_requested_by: 'first' });
  });

  it('changes nothing that cannot be added to the audit', async () => {
    const node = await stage.newNode();
    const job = newJob(node);
    await stage.acceptAll(job);
    await stage.withoutAudit(async () => {
      await expect(cancelBy(job.id)).rejects.toThrow(AuditUnavailable);
      expect(await stage.jobRow(job.id)).toMatchObject({ state: 'queued', cancel_requested_at: null });
      expect(await stage.lockOf(node)).toMatchObject({ token: job.token });
    });
    expect(await cancelBy(job.id)).toEqual({ outcome: 'cancelled' });
  });

  it('leaves a job of a dead conductor to those who give it up', async () => {
    const node = await stage.newNode();
    const dead = { id: randomUUID(), hostname: 'cond-dead' };
    await stage.register(dead.id, dead.hostname);
    const job = newJob(node);
    await stage.acceptAll(job);
    await stage.adoptOne(job.id, dead);
    await stage.sql('delete from conductors where id = $1', [dead.id]);
    expect(await cancelBy(job.id)).toEqual({ outcome: 'asked' });
    expect(
      await giveUp(database.hot, { message: 'silent', lastError: LAST_ERROR }, 100, Infinity, AUDITED),
    ).toEqual([job.id]);
    expect(await stage.jobRow(job.id)).toMatchObject({
      state: 'outcome-unknown',
      cancel_requested_by: 'ops',
    });
    expect(await stage.lockOf(node)).toMatchObject({ token: null, fence: '2' });
  });

  const waiting = async () => {
    const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    return (await stage.sql(text)).length;
  };

  /** Both wait for the row of the job, and then the first one goes first. */
  async function inTurn<A, B>(
    id: string,
    first: () => Promise<A>,
    second: () => Promise<B>,
  ): Promise<[A, B]> {
    await session.query('begin');
    await session.query('select from jobs where id = $1 for update', [id]);
    const one = first();
    await until(async () => (await waiting()) === 1);
    const other = second();
    await until(async () => (await waiting()) === 2);
    await session.query('commit');
    return Promise.all([one, other]);
  }

  const adopted = (id: string) => () => adopt<Row>(database.hot, [id], stage.conductor, AUDITED);

  it('excludes an adoption that comes at the same time', async () => {
    const [early, late] = [newJob(await stage.newNode()), newJob(await stage.newNode())];
    await stage.acceptAll(early, late);
    expect(await inTurn(early.id, () => cancelBy(early.id), adopted(early.id))).toEqual([
      { outcome: 'cancelled' },
      ['elsewhere'],
    ]);
    expect(await inTurn(late.id, adopted(late.id), () => cancelBy(late.id))).toEqual([
      [expect.objectContaining({ id: late.id, is_cancelled: false })],
      { outcome: 'asked' },
    ]);
    expect(await requests()).toEqual([late.id]);
  });

  it('does not change how a job ends at the same time', async () => {
    for (const isCancelledFirst of [true, false]) {
      const job = await stage.running(await stage.newNode());
      const end = () => finish(database.hot, [ending(job.id)], [], AUDITED);
      const outcomes = isCancelledFirst
        ? await inTurn(job.id, () => cancelBy(job.id), end)
        : await inTurn(job.id, end, () => cancelBy(job.id));
      expect(outcomes).toEqual(
        isCancelledFirst
          ? [{ outcome: 'asked' }, [true]]
          : [[true], { outcome: 'ended', state: 'succeeded' }],
      );
      expect(await stage.jobRow(job.id)).toMatchObject({ state: 'succeeded', result: { answer: 42 } });
      expect(await stage.auditOf(job.id)).toEqual([endOf(job, 'succeeded')]);
    }
  });

  it('takes effect, or an adoption does, when many of both come at once', async () => {
    const nodes = await Promise.all(Array.from({ length: 40 }, () => stage.newNode()));
    const jobs = nodes.map((node) => newJob(node));
    await stage.acceptAll(...jobs);
    await Promise.all(
      jobs.map(async ({ id }, place) => {
        const early = place % 2 === 0 ? adopted(id)() : undefined;
        const cancelled = cancelBy(id);
        const [adoption] = await (early ?? adopted(id)());
        const { outcome } = await cancelled;
        const state = (await stage.jobRow(id))?.['state'];
        expect({ outcome, state }).toEqual(
          adoption === 'elsewhere'
            ? { outcome: 'cancelled', state: 'cancelled' }
            : { outcome: 'asked', state: 'running' },
        );
      }),
    );
  });
});
