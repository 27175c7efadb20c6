import { randomUUID } from 'node:crypto';
import { verify } from '../../../src/audit/chain.js';
import { AuditUnavailable } from '../../../src/database/faults/errors.js';
import { accept } from '../../../src/database/transitions/accept.js';
import { beginning, newJob, SOMEBODY, TransitionStage } from './stage.js';

describe('accept', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
  });
  afterAll(() => stage.close());

  it('reports the outcome of each job in a batch, and writes nothing for those that it does not accept', async () => {
    const [free, held, changed] = [await stage.newNode(), await stage.newNode(), await stage.newNode()];
    expect(await stage.acceptAll(newJob(held))).toEqual(['accepted']);
    const before = await stage.lockOf(held);
    await stage.sql('update nodes set updated_at = now() where id = $1', [changed.id]);
    const gone = { id: '999999999', uuid: randomUUID() };
    const jobs = [newJob(free), newJob(held), newJob(changed), newJob(gone), newJob(null)];

    expect(await stage.acceptAll(...jobs)).toEqual(['accepted', 'busy', 'changed', 'gone', 'accepted']);
    expect(await stage.lockOf(free)).toEqual({
      token: jobs[0]?.token,
      job_id: jobs[0]?.id,
      fence: '1',
      holder: 'cond-a',
      conductor_id: null,
    });
    expect(await stage.lockOf(held)).toEqual(before);
    expect(await stage.lockOf(changed)).toBeUndefined();
    const written = await stage.sql('select id from jobs where id = any ($1::uuid[]) order by seq', [
      jobs.map(({ id }) => id),
    ]);
    expect(written).toEqual([{ id: jobs[0]?.id }, { id: jobs[4]?.id }]);
  });

  it('tells a job that was accepted before from another one that holds the lock', async () => {
    const job = newJob(await stage.newNode());
    expect(await stage.acceptAll(job)).toEqual(['accepted']);
    expect(await stage.acceptAll({ ...job, token: randomUUID() })).toEqual(['taken']);
  });

  it('writes the record of the beginning of each job that it accepts, and of no other', async () => {
    const [free, held] = [await stage.newNode(), await stage.newNode()];
    await stage.acceptAll(newJob(held));
    const gone = { id: '999999999', uuid: randomUUID() };
    const jobs = [newJob(free), newJob(held), newJob(gone), newJob(null)].map(beginning);
    expect(await stage.acceptAll(...jobs)).toEqual(['accepted', 'busy', 'gone', 'accepted']);
    const records = await Promise.all(jobs.map(({ id }) => stage.auditOf(id)));
    expect(records.map(({ length }) => length)).toEqual([1, 0, 0, 1]);
    expect(records[0]).toEqual([expect.objectContaining({ found: [free.uuid, 'somebody'] })]);
    expect(await stage.jobRow(jobs[0]?.id ?? '')).toMatchObject({ caller: SOMEBODY });
    expect(await verify(database)).toMatchObject({ isWhole: true });
  });

  it('accepts no job and takes no lock without the record', async () => {
    const node = await stage.newNode();
    const job = beginning(newJob(node));
    await stage.withoutAudit(async () => {
      await expect(stage.acceptAll(job, beginning(newJob(null)))).rejects.toThrow(AuditUnavailable);
    });
    expect(await stage.jobRow(job.id)).toBeUndefined();
    expect(await stage.lockOf(node)).toBeUndefined();
    expect(await stage.acceptAll(job)).toEqual(['accepted']);
    expect(await stage.auditOf(job.id)).toHaveLength(1);
  });

  it('accepts any number of calls of one node that need no lock', async () => {
    const node = await stage.newNode();
    const jobs = [newJob(node, { token: null }), newJob(node), newJob(node, { token: null })];
    expect(await stage.acceptAll(...jobs)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await stage.lockOf(node)).toMatchObject({ job_id: jobs[1]?.id });
  });

  it('takes the lock of a process whose lease has ended, and never that of another job', async () => {
    const node = await stage.newNode();
    const dead = randomUUID();
    await stage.register(dead, 'cond-dead', '-1 second');
    await stage.sql(
      `insert into reservations (node_id, token, fence, holder, conductor_id) values ($1, $2, 7, 'cond-dead', $3)`,
      [node.id, randomUUID(), dead],
    );
    const job = newJob(node);
    // By this process's count the lease has not ended, so the clock of the database was set forward.
    const early = { ...stage.acquirer, latestDatabaseTime: Date.now() - 3_600_000 };
    expect(await accept(database.hot, [job], early)).toEqual(['busy']);
    expect(await stage.acceptAll(job)).toEqual(['accepted']);
    expect(await stage.lockOf(node)).toMatchObject({ fence: '8', job_id: job.id });
    expect(await stage.acceptAll(newJob(node))).toEqual(['busy']);
  });

  it('gives only one of two concurrent batches the lock of a node', async () => {
    const nodes = await Promise.all([stage.newNode(), stage.newNode(), stage.newNode()]);
    const batches = [nodes, nodes.toReversed()].map((order) => order.map((node) => newJob(node)));
    const outcomes = (await Promise.all(batches.map((batch) => stage.acceptAll(...batch)))).flat();
    expect(outcomes.toSorted()).toEqual(['accepted', 'accepted', 'accepted', 'busy', 'busy', 'busy']);
  });
});
