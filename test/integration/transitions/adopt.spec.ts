import { randomUUID } from 'node:crypto';
import { adopt } from '../../../src/database/transitions/adopt.js';
import { endOf, newJob, SOMEBODY, TransitionStage } from './stage.js';
import { AUDITED } from '../../support/database.js';

describe('adopt', () => {
  let stage: TransitionStage;
  let database: TransitionStage['database'];
  beforeAll(async () => {
    stage = await TransitionStage.create();
    ({ database } = stage);
  });
  afterAll(() => stage.close());

  it('takes a queued job once, with its lock and its node', async () => {
    const node = await stage.newNode();
    const job = newJob(node);
    await stage.acceptAll(job);
    const [first, second] = await Promise.all([stage.adoptOne(job.id), stage.adoptOne(job.id, stage.other)]);
    const [taken, late] = first === 'elsewhere' ? [second, first] : [first, second];
    expect(late).toBe('elsewhere');
    expect(taken).toMatchObject({
      id: job.id,
      args: { password: 'secret' },
      caller: SOMEBODY,
      token: job.token,
      fence: '1',
      node: { id: node.id, uuid: node.uuid, vendor_interface: 'fake', driver_info: {} },
    });
    expect((await stage.jobRow(job.id))?.['state']).toBe('running');
  });

  it('names the conductor that runs it as the holder of the lock', async () => {
    const node = await stage.newNode();
    const job = newJob(node);
    await stage.acceptAll(job);
    await stage.adoptOne(job.id, stage.other);
    expect(await stage.lockOf(node)).toMatchObject({ holder: 'cond-b', job_id: job.id });
  });

  it('distinguishes a job that is no longer queued from one whose lock is gone, and refuses the latter', async () => {
    const node = await stage.newNode();
    const [ran, robbed] = [await stage.running(await stage.newNode()), newJob(node)];
    await stage.acceptAll(robbed);
    await stage.sql('update reservations set token = gen_random_uuid() where node_id = $1', [node.id]);
    expect(await adopt(database.hot, [ran.id, robbed.id, randomUUID()], stage.other, AUDITED)).toEqual([
      'elsewhere',
      'lock-gone',
      'elsewhere',
    ]);
    expect((await stage.jobRow(ran.id))?.['state']).toBe('running');
    expect(await stage.jobRow(robbed.id)).toMatchObject({
      state: 'refused',
      error: { code: 'NodeLockLost' },
      args: {},
    });
    expect(await stage.auditOf(robbed.id)).toEqual([endOf(robbed, 'refused', 'NodeLockLost')]);
  });

  it('adopts nothing for a process whose lease has ended', async () => {
    const job = newJob(null);
    await stage.acceptAll(job);
    const dead = { id: randomUUID(), hostname: 'cond-dead' };
    await stage.register(dead.id, dead.hostname, '-1 second');
    expect(await stage.adoptOne(job.id, dead)).toBe('elsewhere');
    expect((await stage.jobRow(job.id))?.['state']).toBe('queued');
  });
});
