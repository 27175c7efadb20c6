import { loadConfig } from '../../src/config/load-config.js';
import { type Database } from '../../src/database/database.js';
import { Conductor } from '../../src/conductors/conductor.js';
import { ConductorRepository } from '../../src/conductors/conductor.repository.js';
import { HeldLocks } from '../../src/reservations/held-locks.js';
import { type Lockable } from '../../src/reservations/reservation.js';
import { ReservationRepository } from '../../src/reservations/reservation.repository.js';
import { ReservationsService } from '../../src/reservations/reservations.service.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

/** One process that takes locks. */
async function process(database: Database, host: string, env: Record<string, string> = {}) {
  const config = loadConfig({ FERRULE_HOSTNAME: host, FERRULE_LOCK_INTERVAL: '5ms', ...env });
  const conductor = new Conductor(new ConductorRepository(database, config), config);
  const repository = new ReservationRepository(database, conductor);
  const service = new ReservationsService(repository, new HeldLocks(conductor), conductor, config);
  await conductor.onModuleInit();
  running.push(conductor);
  return { repository, conductor, service };
}

const running: Conductor[] = [];
afterEach(async () => {
  for (const conductor of running.splice(0)) await conductor.onApplicationShutdown();
});

describe('reservations', () => {
  let temporary: TestDatabase;
  let database: Database;
  let node: Lockable;

  beforeAll(async () => {
    temporary = await testDatabase();
    database = temporary.open();
  });
  afterAll(async () => {
    await database.close();
    await temporary.drop();
  });
  beforeEach(async () => {
    const uuid = crypto.randomUUID();
    const kinds =
      'bios boot console deploy firmware inspect management network power raid rescue storage vendor'.split(
        ' ',
      );
    const columns = kinds.map((kind) => `${kind}_interface`);
    const [row] = await database.query<{ id: string }>(
      {
        name: 'test-insert-node',
        text: `insert into nodes (uuid, driver, provision_state, ${columns.join()})
               values ($1, 'fake-hardware', 'enroll', ${columns.map(() => `'fake'`).join()}) returning id`,
      },
      [uuid],
    );
    node = { id: row?.id ?? '', uuid };
  });

  /** As if so much time had passed for all leases. */
  async function age(seconds: number): Promise<void> {
    await database.query(
      { name: 'test-age', text: `update conductors set expires_at = expires_at - $1 * interval '1 second'` },
      [seconds],
    );
  }

  it('is held by one at a time, and tells the others who holds it', async () => {
    const a = await process(database, 'cond-a');
    const b = await process(database, 'cond-b');
    const held = await a.service.acquire(node, 'request:req-1');
    await expect(b.service.acquire(node, 'request:req-2')).rejects.toMatchObject({
      code: 'NodeLocked',
      status: 409,
      headers: { 'Retry-After': '30' },
      details: { holder: 'cond-a', purpose: 'request:req-1', job: null },
      message: expect.stringContaining('is locked by host cond-a'),
    });
    await a.service.release(held);
    await b.service.release(await b.service.acquire(node, 'request:req-2'));
  });

  it('has a fence that only rises', async () => {
    const { service } = await process(database, 'cond-a');
    const fences: number[] = [];
    for (let round = 0; round < 5; round++) {
      const reservation = await service.acquire(node, 'test');
      fences.push(Number(reservation.fence));
      await service.release(reservation);
    }
    expect(fences).toEqual([1, 2, 3, 4, 5]);
  });

  it('waits for a lock that is freed between its tries', async () => {
    const a = await process(database, 'cond-a');
    const b = await process(database, 'cond-b', { FERRULE_LOCK_TRIES: '1000' });
    const held = await a.service.acquire(node, 'test');
    const waiting = b.service.acquire(node, 'test');
    await a.service.release(held);
    const taken = await waiting;
    expect(Number(taken.fence)).toBeGreaterThan(Number(held.fence));
    await b.service.release(taken);
  });

  it('is released once, and never by one that lost it', async () => {
    const a = await process(database, 'cond-a');
    const lost = await a.service.acquire(node, 'test');
    await age(60);
    const b = await process(database, 'cond-b');
    const taken = await b.service.acquire(node, 'test');
    await a.service.release(lost);
    expect(await b.repository.holder(node)).toMatchObject({ holder: 'cond-b' });
    await b.service.release(taken);
    await b.service.release(taken);
    expect(await b.repository.holder(node)).toBeUndefined();
  });

  it('is taken from a holder whose lease ran out, and aborts what it still does', async () => {
    const a = await process(database, 'cond-a');
    const lost = await a.service.acquire(node, 'test');
    await age(60);
    const b = await process(database, 'cond-b');
    const taken = await b.service.acquire(node, 'test');
    expect(lost.lost.aborted).toBe(false);
    await a.conductor.beat();
    expect(lost.lost.reason).toMatchObject({ code: 'NodeLockLost' });
    await b.service.release(taken);
  });

  it('is renewed with the lease of its process', async () => {
    const a = await process(database, 'cond-a');
    const held = await a.service.acquire(node, 'test');
    await age(29);
    await a.conductor.beat();
    await age(29);
    const b = await process(database, 'cond-b', { FERRULE_LOCK_TRIES: '1' });
    await expect(b.service.acquire(node, 'test')).rejects.toMatchObject({ code: 'NodeLocked' });
    expect(held.lost.aborted).toBe(false);
    await a.service.release(held);
  });

  it('is never taken from a job for its lease alone', async () => {
    const a = await process(database, 'cond-a');
    const held = await a.service.acquire(node, 'test');
    await database.query(
      {
        name: 'test-give-to-job',
        text: 'update reservations set job_id = gen_random_uuid() where node_id = $1',
      },
      [node.id],
    );
    await age(3600);
    const b = await process(database, 'cond-b', { FERRULE_LOCK_TRIES: '1' });
    await expect(b.service.acquire(node, 'test')).rejects.toMatchObject({ code: 'NodeLocked' });
    await a.service.release(held);
  });

  it('is released after work that fails', async () => {
    const { service, repository } = await process(database, 'cond-a');
    const work = service.hold(node, 'test', () => Promise.reject(new Error('broken')));
    await expect(work).rejects.toThrow('broken');
    expect(await repository.holder(node)).toBeUndefined();
  });

  it('is claimed once', async () => {
    const { service } = await process(database, 'cond-a');
    const reservation = await service.acquire(node, 'test');
    reservation.claim();
    expect(() => reservation.claim()).toThrow('already claimed');
    await service.release(reservation);
    expect(() => reservation.claim()).toThrow('already gone');
  });

  it('is 404 for a node that went away meanwhile', async () => {
    const { service } = await process(database, 'cond-a');
    const gone = { id: '999999999', uuid: crypto.randomUUID() };
    await expect(service.acquire(gone, 'test')).rejects.toMatchObject({ code: 'NodeNotFound', status: 404 });
  });

  it('goes with its node', async () => {
    const { service, repository } = await process(database, 'cond-a');
    await service.acquire(node, 'test');
    await database.kysely.deleteFrom('nodes').where('id', '=', node.id).execute();
    expect(await repository.holder(node)).toBeUndefined();
  });

  it('never has two holders at a time under contention', async () => {
    const patient = { FERRULE_LOCK_TRIES: '1000' };
    const first = await process(database, 'cond-a', patient);
    const second = await process(database, 'cond-b', patient);
    let holders = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++holders);
      await new Promise(setImmediate);
      holders--;
    };
    const tries = Array.from({ length: 30 }, () => [
      first.service.hold(node, 'test', work),
      second.service.hold(node, 'test', work),
    ]);
    await Promise.all(tries.flat());
    expect(most).toBe(1);
  });
});
