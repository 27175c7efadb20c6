import { type OnApplicationShutdown } from '@nestjs/common';
import { Conflict } from '@ferrule/driver-kit';
import pg from 'pg';
import { type Connection } from '../../src/database/sessions/connection.js';
import { type Database } from '../../src/database/database.js';
import { Stop } from '../../src/waiting/stop.js';
import { type Lockable } from '../../src/reservations/reservation.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { startLockProcess } from '../support/lock-process.js';
import { insertNode } from '../support/nodes.js';
import { until } from '../support/until.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

const running: OnApplicationShutdown[] = [];
afterEach(async () => {
  for (const part of running.splice(0)) await part.onApplicationShutdown();
});

async function startProcess(database: Database, host: string, env: Record<string, string> = {}) {
  const started = await startLockProcess(database, host, env);
  running.push(...started.parts);
  return started;
}

async function waiters(database: Database): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    {
      name: 'test-waiters',
      text: `select count(*)::int as count from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'`,
    },
    [],
  );
  return row?.count ?? 0;
}

async function tokenOf(database: Database, { id }: Lockable): Promise<string | null | undefined> {
  const row = database.kysely.selectFrom('reservations').select('token').where('node_id', '=', id);
  return (await row.executeTakeFirst())?.token;
}

async function withBrokenRelease(database: Database, work: () => Promise<void>): Promise<void> {
  const rename = (from: string, to: string) =>
    database.query({ name: `test-${from}`, text: `alter table reservations rename ${from} to ${to}` }, []);
  await rename('since', 'since_away');
  try {
    await work();
  } finally {
    await rename('since_away', 'since');
  }
}

describe('a reservation', () => {
  let temporary: TestDatabase;
  let database: Database;
  let where: Connection;
  let node: Lockable;

  beforeAll(async () => {
    temporary = await testDatabase();
    database = temporary.open();
    where = temporary.connection;
  });
  afterAll(async () => {
    await database.close();
    await temporary.drop();
  });
  beforeEach(async () => {
    node = await insertNode(database);
  });

  async function age(seconds: number): Promise<void> {
    await database.query(
      { name: 'test-age', text: `update conductors set expires_at = expires_at - $1 * interval '1 second'` },
      [seconds],
    );
  }

  it('is held by one at a time, and tells the others the holder', async () => {
    const a = await startProcess(database, 'cond-a');
    const b = await startProcess(database, 'cond-b');
    const held = await a.service.acquire(node, { purpose: 'request:req-1', caller: 'ops' });
    await expect(b.service.acquire(node, { purpose: 'request:req-2', caller: null })).rejects.toMatchObject({
      code: 'NodeLocked',
      status: 409,
      headers: { 'Retry-After': '30' },
      details: {
        holder: 'cond-a',
        purpose: 'request:req-1',
        caller: 'ops',
        since: expect.stringMatching(TIME),
        until: expect.stringMatching(TIME),
        job: null,
      },
      message: expect.stringMatching(
        /is locked by host cond-a, please retry after the current operation is completed\. Held for request:req-1 by ops since \S+, until \S+ unless its lease is renewed\.$/,
      ),
    });
    await a.service.release(held);
    await b.service.release(await b.service.acquire(node, { purpose: 'request:req-2', caller: null }));
  });

  it('has no end while a queued job holds it', async () => {
    const { service } = await startProcess(database, 'cond-a', { FERRULE_LOCK_TRIES: '1' });
    await service.acquire(node, { purpose: 'job:1', caller: null });
    const text = 'update reservations set job_id = gen_random_uuid(), conductor_id = null where node_id = $1';
    await database.query({ name: 'test-give-to-queued-job', text }, [node.id]);
    await expect(service.acquire(node, { purpose: 'request:req-2', caller: null })).rejects.toMatchObject({
      details: { until: null, until_reason: 'It is held by a queued job until that has ended.' },
      message: expect.stringMatching(/Held for job:1 since \S+, until the job has ended\.$/),
    });
  });

  it('has a fence that only increases', async () => {
    const { service } = await startProcess(database, 'cond-a');
    const fences: number[] = [];
    for (let round = 0; round < 5; round++) {
      const reservation = await service.acquire(node, { purpose: 'test', caller: null });
      fences.push(Number(reservation.fence));
      await service.release(reservation);
    }
    expect(fences).toEqual([1, 2, 3, 4, 5]);
  });

  it('waits for a lock that is freed between its tries', async () => {
    const a = await startProcess(database, 'cond-a');
    const b = await startProcess(database, 'cond-b', { FERRULE_LOCK_TRIES: '1000' });
    const held = await a.service.acquire(node, { purpose: 'test', caller: null });
    const waiting = b.service.acquire(node, { purpose: 'test', caller: null });
    // Once this is answered, b has made its first attempt.
    expect(await b.repository.holder(node)).toMatchObject({ holder: 'cond-a' });
    await a.service.release(held);
    const taken = await waiting;
    expect(Number(taken.fence)).toBeGreaterThan(Number(held.fence));
    await b.service.release(taken);
  });

  it('is tried for once more if no holder is found after the last try, and then refused', async () => {
    const { service } = await startProcess(database, 'cond-a', { FERRULE_LOCK_TRIES: '2' });
    let attempts = 0;
    const held = (): Promise<undefined> => {
      attempts++;
      return Promise.resolve(undefined);
    };
    await expect(service.whenFree(node, held)).rejects.toMatchObject({ code: 'NodeLocked', status: 409 });
    expect(attempts).toBe(3);
  });

  it('is released once, and never by one that lost it', async () => {
    const a = await startProcess(database, 'cond-a');
    const lost = await a.service.acquire(node, { purpose: 'test', caller: null });
    await age(60);
    const b = await startProcess(database, 'cond-b');
    const taken = await b.service.acquire(node, { purpose: 'test', caller: null });
    await a.service.release(lost);
    expect(await b.repository.holder(node)).toMatchObject({ holder: 'cond-b' });
    await b.service.release(taken);
    await b.service.release(taken);
    expect(await b.repository.holder(node)).toBeUndefined();
  });

  it('is taken from a holder whose lease has ended, whose work is aborted', async () => {
    const a = await startProcess(database, 'cond-a');
    const lost = await a.service.acquire(node, { purpose: 'test', caller: null });
    await age(60);
    const b = await startProcess(database, 'cond-b');
    const taken = await b.service.acquire(node, { purpose: 'test', caller: null });
    expect(lost.lost.reason).toBeUndefined();
    await a.conductor.beat();
    expect(lost.lost.reason).toMatchObject({ code: 'NodeLockLost' });
    await b.service.release(taken);
  });

  it('is renewed with the lease of its process', async () => {
    const a = await startProcess(database, 'cond-a');
    const held = await a.service.acquire(node, { purpose: 'test', caller: null });
    await age(29);
    await a.conductor.beat();
    await age(29);
    const b = await startProcess(database, 'cond-b', { FERRULE_LOCK_TRIES: '1' });
    await expect(b.service.acquire(node, { purpose: 'test', caller: null })).rejects.toMatchObject({
      code: 'NodeLocked',
    });
    expect(held.lost.reason).toBeUndefined();
    await a.service.release(held);
  });

  it('is not taken from a job only because its lease ended', async () => {
    const a = await startProcess(database, 'cond-a');
    const held = await a.service.acquire(node, { purpose: 'test', caller: null });
    await database.query(
      {
        name: 'test-give-to-job',
        text: 'update reservations set job_id = gen_random_uuid() where node_id = $1',
      },
      [node.id],
    );
    await age(3600);
    const b = await startProcess(database, 'cond-b', { FERRULE_LOCK_TRIES: '1' });
    await expect(b.service.acquire(node, { purpose: 'test', caller: null })).rejects.toMatchObject({
      code: 'NodeLocked',
    });
    await a.service.release(held);
  });

  it('is released after work that fails', async () => {
    const { service, repository } = await startProcess(database, 'cond-a');
    const work = service.hold(node, { purpose: 'test', caller: null }, () =>
      Promise.reject(new Error('broken')),
    );
    await expect(work).rejects.toThrow('broken');
    expect(await repository.holder(node)).toBeUndefined();
  });

  it('is claimed once', async () => {
    const { service } = await startProcess(database, 'cond-a');
    const reservation = await service.acquire(node, { purpose: 'test', caller: null });
    reservation.claim();
    expect(() => reservation.claim()).toThrow('already claimed');
    await service.release(reservation);
    expect(() => reservation.claim()).toThrow('already gone');
  });

  it('is 404 for a node that was deleted meanwhile', async () => {
    const { service } = await startProcess(database, 'cond-a');
    const gone = { id: '999999999', uuid: crypto.randomUUID() };
    await expect(service.acquire(gone, { purpose: 'test', caller: null })).rejects.toMatchObject({
      code: 'NodeNotFound',
      status: 404,
    });
  });

  it('of a node that was deleted is released without an error', async () => {
    const { service } = await startProcess(database, 'cond-a');
    const held = await service.acquire(node, { purpose: 'test', caller: null });
    await database.kysely.deleteFrom('nodes').where('id', '=', node.id).execute();
    await service.release(held);
    await expect(service.acquire(node, { purpose: 'test', caller: null })).rejects.toMatchObject({
      code: 'NodeNotFound',
    });
  });

  it('is acquired in a batch in which one node was deleted', async () => {
    const { service } = await startProcess(database, 'cond-a', { FERRULE_LOCK_TRIES: '1' });
    const gone = { id: '999999999', uuid: crypto.randomUUID() };
    const asked = [node, gone, node].map((each) => service.acquire(each, { purpose: 'test', caller: null }));
    const [first, second, third] = await Promise.allSettled(asked);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'NodeNotFound' } });
    // The failed batch is repeated item by item, in any order.
    expect([first, third]).toContainEqual(
      expect.objectContaining({ value: expect.objectContaining({ fence: '1' }) as unknown }),
    );
    expect([first, third]).toContainEqual(
      expect.objectContaining({ reason: expect.objectContaining({ code: 'NodeLocked' }) as unknown }),
    );
  });

  it('is not taken by a process whose lease ended; the process registers under a new id', async () => {
    const { service, conductor } = await startProcess(database, 'cond-a');
    const before = conductor.life;
    await age(60);
    await expect(service.acquire(node, { purpose: 'test', caller: null })).rejects.toMatchObject({
      status: 503,
    });
    expect(before.isOver).toBe(true);
    expect(conductor.life.id).not.toBe(before.id);
    expect(await service.acquire(node, { purpose: 'test', caller: null })).toMatchObject({ fence: '1' });
  });

  it('is freed if the answer to its acquisition was lost, and only then', async () => {
    const { repository, service, orphans } = await startProcess(database, 'cond-a');
    const known = await service.acquire(node, { purpose: 'known', caller: null });
    const other = await insertNode(database);
    await repository.acquire({ node: other, token: crypto.randomUUID(), purpose: 'lost', caller: null });
    await orphans.heal();
    expect(await repository.holder(other)).toMatchObject({ purpose: 'lost', caller: null });
    await orphans.heal();
    expect(await repository.holder(other)).toBeUndefined();
    expect(await repository.holder(node)).toMatchObject({ purpose: 'known' });
    await service.release(known);
    expect(await service.acquire(other, { purpose: 'next', caller: null })).toMatchObject({ fence: '2' });
  });

  it('is freed later when its release is lost', async () => {
    const { service, repository, orphans } = await startProcess(database, 'cond-a');
    const reservation = await service.acquire(node, { purpose: 'test', caller: null });
    await withBrokenRelease(database, async () => {
      await service.release(reservation);
      expect(await tokenOf(database, node)).toBe(reservation.token);
    });
    await until(async () => {
      await orphans.heal();
      return (await repository.holder(node)) === undefined;
    });
  });

  it('is not waited for after the caller has disconnected', async () => {
    const a = await startProcess(database, 'cond-a');
    const b = await startProcess(database, 'cond-b', {
      FERRULE_LOCK_TRIES: '1000',
      FERRULE_LOCK_INTERVAL: '1h',
    });
    const held = await a.service.acquire(node, { purpose: 'test', caller: null });
    const call = new Stop();
    const waiting = b.service.acquire(node, { purpose: 'test', caller: null }, { stop: call });
    const gone = new Conflict('gone');
    await b.service.acquire(await insertNode(database), {
      purpose: 'the first try of the other is over',
      caller: null,
    });
    call.abort(gone);
    await expect(waiting).rejects.toBe(gone);
    await a.service.release(held);
    expect(await a.repository.holder(node)).toBeUndefined();
  });

  it('reads the node when it gets the lock, not when it asks for it', async () => {
    const { service, repository } = await startProcess(database, 'cond-a');
    await service.release(await service.acquire(node, { purpose: 'the row is there', caller: null }));
    const other = new pg.Client(where);
    await other.connect();
    try {
      await other.query('begin');
      await other.query('select from reservations where node_id = $1 for update', [node.id]);
      const asked = service.acquire(node, { purpose: 'test', caller: null });
      await until(async () => (await waiters(database)) > 0);
      await other.query('update nodes set updated_at = $2 where id = $1', [node.id, '2026-01-02T03:04:05Z']);
      await other.query('commit');
      expect(await asked).toMatchObject({ nodeUpdatedAt: '2026-01-02T03:04:05.000000+00:00' });
      expect(await repository.holder(node)).toBeDefined();
    } finally {
      await other.end();
    }
  });

  it('never has two holders at a time under contention', async () => {
    const patient = { FERRULE_LOCK_TRIES: '1000' };
    const first = await startProcess(database, 'cond-a', patient);
    const second = await startProcess(database, 'cond-b', patient);
    let holders = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++holders);
      await new Promise(setImmediate);
      holders--;
    };
    const tries = Array.from({ length: 30 }, () => [
      first.service.hold(node, { purpose: 'test', caller: null }, work),
      second.service.hold(node, { purpose: 'test', caller: null }, work),
    ]);
    await Promise.all(tries.flat());
    expect(most).toBe(1);
  });
});
