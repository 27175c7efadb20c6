import { randomUUID } from 'node:crypto';
import { Conflict } from '@ferrule/driver-kit';
import { type OnApplicationShutdown } from '@nestjs/common';
import { type Database } from '../../src/database/database.js';
import { type Lockable } from '../../src/reservations/reservation.js';
import { Stop } from '../../src/waiting/stop.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { startLockProcess } from '../support/lock-process.js';
import { insertNode } from '../support/nodes.js';
import { until } from '../support/until.js';

const USE = { purpose: 'test', caller: null };

const inLine = (seconds: number, origin = 'ops') => ({ line: { seconds, origin } });

describe('the line for a lock', () => {
  let temporary: TestDatabase;
  let database: Database;
  let node: Lockable;
  let statements = 0;
  const running: OnApplicationShutdown[] = [];

  beforeAll(async () => {
    temporary = await testDatabase();
    database = temporary.open();
  });
  afterAll(async () => {
    await database.close();
    await temporary.drop();
  });
  beforeEach(async () => {
    node = await insertNode(database);
  });
  afterEach(async () => {
    for (const part of running.splice(0)) await part.onApplicationShutdown();
  });

  async function startProcess(host: string, env: Record<string, string> = {}) {
    const started = await startLockProcess(database, host, { FERRULE_LOCK_TRIES: '2', ...env });
    running.push(...started.parts);
    return started;
  }

  const sql = <R extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> =>
    database.query<R>({ name: `test-line-${statements++}`, text }, values);

  async function standing(): Promise<number> {
    return (await sql('select from lock_waiters where node_id = $1', [node.id])).length;
  }

  async function stand(
    life: { readonly id: string },
    seconds: number,
    count = 1,
    origin = 'others',
  ): Promise<void> {
    await sql(
      `insert into lock_waiters (node_id, token, conductor_id, until, origin)
       select $1, gen_random_uuid(), $2, now() + $3 * interval '1 second', $5 from generate_series(1, $4)`,
      [node.id, life.id, seconds, count, origin],
    );
  }

  it('is served in its order, across processes', async () => {
    const processes = [await startProcess('cond-a'), await startProcess('cond-b')] as const;
    const [{ service }] = processes;
    const held = await service.acquire(node, USE);
    const served: number[] = [];
    const waits: Promise<void>[] = [];
    for (let each = 0; each < 6; each++) {
      const own = processes[each % 2 === 0 ? 0 : 1].service;
      const wait = own.acquire(node, USE, inLine(60)).then(async (lock) => {
        served.push(each);
        await own.release(lock);
      });
      waits.push(wait);
      await until(async () => (await standing()) === each + 1);
    }
    await service.release(held);
    await Promise.all(waits);
    expect(served).toEqual([0, 1, 2, 3, 4, 5]);
    await until(async () => (await standing()) === 0);
  });

  it('is not overtaken by a call that does not wait', async () => {
    const { service, conductor } = await startProcess('cond-a');
    await stand(conductor.life, 60);
    await expect(service.acquire(node, USE)).rejects.toMatchObject({
      code: 'NodeLocked',
      status: 409,
      message: `Node ${node.uuid} is not locked, but a call stands in line for its lock, please retry.`,
      details: { waiting: 1 },
    });
    await stand(conductor.life, 60, 2);
    await expect(service.acquire(node, USE)).rejects.toMatchObject({
      message: expect.stringContaining('3 calls stand in line'),
      details: { waiting: 3 },
    });
    await expect(service.acquireIfFree(node, USE)).resolves.toBeUndefined();
  });

  it.each([
    ['whose time is over', (life: { id: string }) => stand(life, -1)],
    ['of a dead process', () => stand({ id: randomUUID() }, 60)],
  ])('has no place for calls %s', async (_what, enter) => {
    const { service, conductor } = await startProcess('cond-a');
    await enter(conductor.life);
    await service.release(await service.acquire(node, USE));
  });

  it('forgets old places when another call enters', async () => {
    const { service, conductor } = await startProcess('cond-a');
    const held = await service.acquire(node, USE);
    await stand(conductor.life, -1, 3);
    const call = service.acquire(node, USE, inLine(60));
    await until(async () => (await standing()) === 1);
    await service.release(held);
    await service.release(await call);
  });

  it('is bounded', async () => {
    const { service, conductor } = await startProcess('cond-a');
    const held = await service.acquire(node, USE);
    await stand(conductor.life, 60, 100);
    await expect(service.acquire(node, USE, inLine(60))).rejects.toMatchObject({
      code: 'LockLineFull',
      status: 409,
      message: expect.stringContaining('100 calls wait'),
      headers: { 'Retry-After': '5' },
    });
    await service.release(held);
  });

  it('has a share of places for each origin', async () => {
    const { service, conductor } = await startProcess('cond-a');
    const held = await service.acquire(node, USE);
    await stand(conductor.life, 60, 24, 'ops');
    const last = service.acquire(node, USE, inLine(60));
    await until(async () => (await standing()) === 25);
    await expect(service.acquire(node, USE, inLine(60))).rejects.toMatchObject({
      code: 'LockLineFull',
      status: 409,
      message: `Node ${node.uuid} is locked, and 25 calls of this caller wait for its lock already; please retry.`,
      headers: { 'Retry-After': '5' },
    });
    const other = service.acquire(node, USE, inLine(60, 'another'));
    await until(async () => (await standing()) === 26);
    await sql(
      `delete from lock_waiters where node_id = $1 and number < (
      select max(number) - 1 from lock_waiters where node_id = $1)`,
      [node.id],
    );
    await service.release(held);
    await service.release(await last);
    await service.release(await other);
  });

  it('is left when the time is over, with the holder', async () => {
    const { service } = await startProcess('cond-a');
    const held = await service.acquire(node, { purpose: 'request:req-1', caller: 'ops' });
    await expect(service.acquire(node, USE, inLine(0.2))).rejects.toMatchObject({
      code: 'NodeLocked',
      details: { purpose: 'request:req-1', caller: 'ops' },
    });
    await until(async () => (await standing()) === 0);
    await service.release(held);
  });

  it('is not entered by a call that waits for no time', async () => {
    const { service, conductor } = await startProcess('cond-a');
    const held = await service.acquire(node, USE);
    await stand(conductor.life, 60, 100);
    await expect(service.acquire(node, USE, inLine(0))).rejects.toMatchObject({ code: 'NodeLocked' });
    await service.release(held);
  });

  it('is left at once by a caller that has disconnected', async () => {
    const { service } = await startProcess('cond-a');
    const held = await service.acquire(node, USE);
    const stop = new Stop();
    const waiting = service.acquire(node, USE, { stop, ...inLine(60) });
    await until(async () => (await standing()) === 1);
    const gone = new Conflict('gone');
    stop.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    await until(async () => (await standing()) === 0);
    await service.release(held);
    await service.release(await service.acquire(node, USE));
  });

  it('is left by all when the service stops', async () => {
    const { service, lifecycle } = await startProcess('cond-a');
    const held = await service.acquire(node, USE);
    const waiting = service.acquire(node, USE, inLine(60));
    await until(async () => (await standing()) === 1);
    lifecycle.drain();
    await expect(waiting).rejects.toMatchObject({ code: 'NoFreeConductorWorker', status: 503 });
    await expect(service.acquire(node, USE, inLine(60))).rejects.toMatchObject({ status: 503 });
    await until(async () => (await standing()) === 0);
    await service.release(held);
  });

  it('is entered again by those who lost their places', async () => {
    const { service } = await startProcess('cond-a');
    const held = await service.acquire(node, USE);
    const waiting = service.acquire(node, USE, inLine(60));
    await until(async () => (await standing()) === 1);
    const [before] = await sql<{ number: string }>('select number from lock_waiters where node_id = $1', [
      node.id,
    ]);
    await sql('delete from lock_waiters where node_id = $1', [node.id]);
    const after = () =>
      sql('select from lock_waiters where node_id = $1 and number <> $2', [node.id, before?.number]);
    await until(async () => (await after()).length === 1);
    await service.release(held);
    await service.release(await waiting);
  });

  it('ends for all when the node is deleted', async () => {
    const { service } = await startProcess('cond-a');
    await service.acquire(node, USE);
    const waits = [0, 1].map(() => service.acquire(node, USE, inLine(60)));
    await until(async () => (await standing()) === 2);
    await sql('delete from nodes where id = $1', [node.id]);
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: 'NodeNotFound' });
  });
});
