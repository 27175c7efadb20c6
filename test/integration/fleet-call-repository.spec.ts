import { randomUUID } from 'node:crypto';
import { ANYONE } from '../../src/auth/caller.js';
import { FleetCallRepository } from '../../src/fleet/fleet-call.repository.js';
import { FleetNodeRepository } from '../../src/fleet/fleet-node.repository.js';
import { SecretsAtRest } from '../../src/secrets/at-rest/secrets-at-rest.js';
import { TransitionStage } from './transitions/stage.js';

describe('fleet calls in the database', () => {
  let stage: TransitionStage;
  let calls: FleetCallRepository;
  let nodes: FleetNodeRepository;
  beforeAll(async () => {
    stage = await TransitionStage.create();
    calls = new FleetCallRepository(stage.database, new SecretsAtRest());
    nodes = new FleetNodeRepository(stage.database);
  });
  afterAll(() => stage.close());

  const server = (group: string, drivers = ['fake-hardware']) => ({
    conductorId: randomUUID(),
    group,
    drivers,
  });
  const newNodes = async (...groups: string[]): Promise<string[]> => {
    const uuids: string[] = [];
    for (const group of groups) {
      const { uuid } = await stage.newNode();
      await stage.sql('update nodes set conductor_group = $2 where uuid = $1', [uuid, group]);
      uuids.push(uuid);
    }
    return uuids;
  };
  const made = async (uuids: readonly string[], conductorId = randomUUID()): Promise<string> => {
    const id = randomUUID();
    await calls.create({
      ...{ id, method: 'm', http_method: 'POST', args: {}, filter: null, nodes: uuids },
      ...{ canary: 0, parallelism: 1, stop_failures: 1, stop_percent: null, lock_wait: 0 },
      ...{ request_id: 'req-1', caller: ANYONE, remote_address: null, conductor_id: conductorId },
    });
    return id;
  };
  const takenBy = async (by: ReturnType<typeof server>): Promise<string[]> =>
    (await calls.run(by)).map(({ id }) => id);

  it('are taken over by a process that serves a node that waits, and by no other', async () => {
    const uuids = await newNodes('a', 'b');
    const id = await made(uuids);
    const [first] = await nodes.waiting(id, -1, 1);
    if (!first) throw new Error('There is no node.');
    await nodes.refuse(first, { code: 'Refused', message: 'It was refused.' });
    for (const other of [server('a'), server('b', ['redfish']), server('b', [])]) {
      expect(await takenBy(other)).not.toContain(id);
    }
    const by = server('b');
    expect(await takenBy(by)).toContain(id);
    expect(await calls.read(id, by.conductorId)).toMatchObject({ id, nodes: 2 });
    expect(await calls.read(id, randomUUID())).toBeUndefined();
  });

  it('are left to a process that is alive, until it releases them', async () => {
    const id = await made(await newNodes('a'), stage.conductor.id);
    expect(await takenBy(server('a'))).not.toContain(id);
    await calls.release(stage.conductor.id, randomUUID());
    expect(await takenBy(server('a'))).not.toContain(id);
    await calls.release(stage.conductor.id, id);
    expect(await takenBy(server('a'))).toContain(id);
  });

  it('are taken over by any process if their nodes are gone, or nothing more is to start', async () => {
    const [gone = ''] = await newNodes('a');
    const ofGone = await made([gone]);
    await stage.sql('delete from nodes where uuid = $1', [gone]);
    expect(await takenBy(server('z', []))).toContain(ofGone);
    const cancelled = await made(await newNodes('a'));
    expect(await takenBy(server('z', []))).not.toContain(cancelled);
    expect(await calls.cancel(cancelled, 'ops')).toBe(true);
    expect(await takenBy(server('z', []))).toContain(cancelled);
    expect(await calls.cancelledBy(cancelled)).toBe('ops');
  });

  it('are cancelled again by others without a change, also when they have ended, unless they ended otherwise', async () => {
    const [node = ''] = await newNodes('a');
    const states = async (id: string) =>
      stage.sql('select state, cancel_requested_by as by from fleet_calls where id = $1', [id]);
    const id = await made([node]);
    expect(await calls.cancel(id, null)).toBe(true);
    expect(await calls.cancel(id, 'another')).toBe(true);
    expect(await states(id)).toEqual([{ state: 'cancelling', by: null }]);
    await stage.sql(`update fleet_call_nodes set state = 'skipped' where fleet_call = $1`, [id]);
    expect(await calls.end(id)).toMatchObject({ state: 'cancelled' });
    expect(await calls.cancel(id, 'another')).toBe(true);
    expect(await states(id)).toEqual([{ state: 'cancelled', by: null }]);
    const finished = await made([node]);
    await stage.sql(`update fleet_call_nodes set state = 'skipped' where fleet_call = $1`, [finished]);
    await calls.end(finished);
    expect(await calls.cancel(finished, 'another')).toBe(false);
  });

  it('skip the nodes that wait a few at a time, and keep their counts from their end on', async () => {
    const id = await made(await newNodes('a', 'a', 'a'));
    await calls.stop(id, 'Enough.');
    expect(await calls.end(id)).toBeUndefined();
    expect([await nodes.skip(id, 2), await nodes.skip(id, 2)]).toEqual([2, 1]);
    expect(await calls.end(id)).toEqual({ state: 'stopped', counts: { skipped: 3 } });
    await stage.sql("update fleet_call_nodes set state = 'failed' where fleet_call = $1", [id]);
    expect((await calls.find(id))?.counts).toEqual({ skipped: 3 });
  });

  it('are deleted one at a time, with their nodes', async () => {
    const ids = [await made(await newNodes('a')), await made(await newNodes('a'))];
    for (const id of ids) {
      await calls.cancel(id, null);
      await nodes.skip(id, 10);
      await calls.end(id);
    }
    await stage.sql("update fleet_calls set ended_at = now() - interval '1 day' where id = any ($1)", [ids]);
    const left = async () =>
      (await stage.sql('select from fleet_call_nodes where fleet_call = any ($1)', [ids])).length;
    expect([await calls.deleteEnded(3_600), await left()]).toEqual([true, 1]);
    expect([await calls.deleteEnded(3_600), await left()]).toEqual([true, 0]);
    expect(await calls.deleteEnded(3_600)).toBe(false);
  });
});
