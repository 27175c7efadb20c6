import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type NewJobRow } from '../../../src/database/transitions/accept.js';
import { adopt } from '../../../src/database/transitions/adopt.js';
import { finish } from '../../../src/database/transitions/finish.js';
import { giveUp } from '../../../src/database/transitions/give-up.js';
import { LAST_ERROR } from '../../../src/jobs/record/job.js';
import { type NodeKey } from '../../support/nodes.js';
import { until } from '../../support/until.js';
import { ending, newJob, TransitionStage } from './stage.js';
import { AUDITED } from '../../support/database.js';

describe('The order of row locks', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
  });
  const foreign = { id: randomUUID(), hostname: 'cond-foreign' };
  let session: pg.Client;
  let pid: number;
  beforeAll(async () => {
    await stage.register(foreign.id, foreign.hostname, '1 hour');
    session = new pg.Client({ ...stage.temporary.connection });
    await session.connect();
    const { rows } = await session.query<{ pid: number }>('select pg_backend_pid() as pid');
    pid = rows[0]?.pid ?? 0;
  });
  afterAll(async () => {
    await session.end();
    await stage.close();
  });

  const isWaitedFor = async () =>
    (await stage.sql('select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))', [pid])).length >
    0;

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
    const nodes: [NodeKey, NodeKey] = [await stage.newNode(), await stage.newNode()];
    const [small, large] = [randomUUID(), randomUUID()].sort();
    const jobs: [NewJobRow, NewJobRow] = [
      newJob(nodes[0], { id: large ?? '' }),
      newJob(nodes[1], { id: small ?? '' }),
    ];
    await stage.acceptAll(jobs[1]);
    await stage.acceptAll(jobs[0]);
    return { nodes, jobs };
  }

  it('is that of the nodes when jobs are adopted under another host name', async () => {
    const { nodes, jobs } = await twoJobs();
    const ids = jobs.map(({ id }) => id);
    const adopted = await against(nodes[0], [[lockReservation, nodes[1]]], () =>
      adopt(database.hot, ids, foreign, AUDITED),
    );
    expect(adopted).toMatchObject(ids.map((id) => ({ id })));
    expect(await stage.lockOf(nodes[1])).toMatchObject({ holder: foreign.hostname });
  });

  it('is reservations before nodes when jobs end', async () => {
    const { nodes, jobs } = await twoJobs();
    const ids = jobs.map(({ id }) => id);
    await adopt(database.hot, ids, stage.conductor, AUDITED);
    const endings = ids.map((id) => ending(id, { state: 'failed', node_error: 'note', last_error: 'x' }));
    const later: [string, NodeKey][] = [
      [lockReservation, nodes[1]],
      [lockNode, nodes[0]],
      [lockNode, nodes[1]],
    ];
    expect(await against(nodes[0], later, () => finish(database.hot, endings, [], AUDITED))).toEqual([
      true,
      true,
    ]);
  });

  it('is that of their ids when jobs end', async () => {
    const { jobs } = await twoJobs();
    const [large, small] = jobs;
    await adopt(database.hot, [large.id, small.id], stage.conductor, AUDITED);
    await session.query('begin');
    await session.query('select from jobs where id = $1 for update', [small.id]);
    const ended = finish(database.hot, [ending(large.id), ending(small.id)], [], AUDITED);
    await until(isWaitedFor);
    await session.query('select from jobs where id = $1 for update', [large.id]);
    await session.query('commit');
    expect(await ended).toEqual([true, true]);
  });

  it('is the same when jobs are given up', async () => {
    const { nodes, jobs } = await twoJobs();
    const ids = jobs.map(({ id }) => id);
    const dead = { id: randomUUID(), hostname: 'cond-dead' };
    await stage.register(dead.id, dead.hostname, '1 hour');
    await adopt(database.hot, ids, dead, AUDITED);
    await stage.sql('delete from conductors where id = $1', [dead.id]);
    const later: [string, NodeKey][] = [
      [lockReservation, nodes[1]],
      [lockNode, nodes[0]],
      [lockNode, nodes[1]],
    ];
    const given = await against(nodes[0], later, () =>
      giveUp(database.hot, { message: 'it fell silent', lastError: LAST_ERROR }, 100, Infinity, AUDITED),
    );
    expect(given).toEqual(expect.arrayContaining(ids));
  });

  it('lets jobs of a node be accepted while another job of it ends', async () => {
    const node = await stage.newNode();
    const job = await stage.running(node);
    await session.query('begin');
    await session.query('select from nodes where id = $1 for key share', [node.id]);
    const ended = ending(job.id, { state: 'failed', node_error: 'note', last_error: 'x' });
    expect(await finish(database.hot, [ended], [], AUDITED)).toEqual([true]);
    await session.query('commit');
  });
});
