import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  DriverModule,
  type DriverTask,
  type ExclusiveTask,
  HardwareType,
  NoVendor,
  Periodic,
  type SharedTask,
  VendorInterface,
} from '@ferrule/driver-kit';
import { type NestExpressApplication } from '@nestjs/platform-express';
import pg from 'pg';
import { createApp, listen } from '../../src/app.module.js';
import { Conductor } from '../../src/conductors/conductor.js';
import { Lifecycle } from '../../src/lifecycle/lifecycle.js';
import { PassthruNodes } from '../../src/nodes/record/passthru-nodes.js';
import { ReservationsService } from '../../src/reservations/reservations.service.js';
import { setUp } from '../../src/setup.js';
import { MemoryLog } from '../support/app.js';
import { type TestDatabase, testDatabase } from '../support/database.js';
import { HttpClient } from '../support/http-client.js';
import { createNode, fields } from '../support/passthru.js';
import { until } from '../support/until.js';

let ticks = 0;
let running = 0;
let mostRunning = 0;
let visits: string[] = [];
let isWaiting = false;
let whyEnded: unknown;

@VendorInterface({ name: 'ticking' })
class TickingVendor {
  @Periodic({ every: '1s', scope: 'driver' })
  async tick(_task: DriverTask): Promise<void> {
    running++;
    mostRunning = Math.max(mostRunning, running);
    // Others have the time to begin, too.
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    ticks++;
  }
}

@VendorInterface({ name: 'visiting' })
class VisitingVendor {
  @Periodic({ every: '1s', scope: 'node' })
  async visit(task: ExclusiveTask): Promise<void> {
    visits.push(task.node.uuid);
    await task.saveInternalInfo({ fence: task.fence });
  }

  @Periodic({ every: '1s', scope: 'node', lock: 'shared' })
  readSensor(task: SharedTask): void {
    throw new Error(`node ${task.node.uuid} is on fire`);
  }
}

/** Calls that run, each until the test lets it end. */
let held: { readonly node: string; readonly signal: AbortSignal; readonly end: () => void }[] = [];
let begun: string[] = [];
let mostHeld = 0;
let isOpen = false;

@VendorInterface({ name: 'sweeping' })
class SweepingVendor {
  @Periodic({ every: '1h', scope: 'node', lock: 'shared' })
  async sweep({ node: { uuid: node }, signal }: SharedTask): Promise<void> {
    begun.push(node);
    const call = new Promise<void>((end) => held.push({ node, signal, end }));
    mostHeld = Math.max(mostHeld, held.length);
    if (!isOpen) await call;
    held = held.filter((each) => each.node !== node);
  }
}

@VendorInterface({ name: 'limited' })
class LimitedVendor {
  @Periodic({ every: '1s', scope: 'driver', timeout: '50ms' })
  async overrun({ signal }: DriverTask): Promise<void> {
    if (!signal.aborted) await once(signal, 'abort');
    whyEnded = signal.reason;
    throw whyEnded;
  }
}

@VendorInterface({ name: 'waiting' })
class WaitingVendor {
  @Periodic({ every: '1s', scope: 'driver' })
  async wait({ signal }: DriverTask): Promise<void> {
    isWaiting = true;
    if (!signal.aborted) await once(signal, 'abort');
    whyEnded = signal.reason;
    throw whyEnded;
  }
}

@HardwareType({ name: 'ticking', interfaces: { vendor: [TickingVendor] } })
class Ticking {}
@HardwareType({ name: 'visiting', interfaces: { vendor: [VisitingVendor, NoVendor] } })
class Visiting {}
@HardwareType({ name: 'waiting', interfaces: { vendor: [WaitingVendor] } })
class Waiting {}
@HardwareType({ name: 'sweeping', interfaces: { vendor: [SweepingVendor] } })
class Sweeping {}
@HardwareType({ name: 'limited', interfaces: { vendor: [LimitedVendor] } })
class Limited {}
@DriverModule({ kit: 1, hardwareTypes: [Ticking, Visiting, Waiting, Sweeping, Limited] })
class PeriodicDriver {}

const TYPES = ['ticking', 'visiting', 'waiting', 'sweeping', 'limited'];

interface TestHost {
  readonly app: NestExpressApplication;
  readonly http: HttpClient;
  readonly log: MemoryLog;
  close(): Promise<void>;
}

async function startHost(place: TestDatabase, type: string): Promise<TestHost> {
  const drivers = TYPES.map((name) => ({
    name,
    package: 'driver-periodic',
    version: '1.0.0',
    folder: import.meta.dirname,
    file: import.meta.filename,
    siblings: TYPES,
    module: PeriodicDriver,
  }));
  const env = { FERRULE_ENABLED_HARDWARE_TYPES: type, FERRULE_LEASE: '5s', FERRULE_SHUTDOWN_TIMEOUT: '5s' };
  const setup = await setUp(env, undefined, { drivers, problems: [] });
  const database = place.open();
  const app = await createApp(setup, database);
  const log = new MemoryLog();
  app.useLogger(log);
  await listen(app, { port: 0, host: '127.0.0.1' });
  const http = new HttpClient(await app.getUrl());
  const close = async (): Promise<void> => {
    http.close();
    await app.close();
    await database.close();
  };
  return { app, http, log, close };
}

describe('periodic methods', () => {
  let place: TestDatabase;
  let client: pg.Client;
  let hosts: TestHost[];
  beforeEach(async () => {
    place = await testDatabase();
    client = new pg.Client({ ...place.connection });
    await client.connect();
    hosts = [];
    ticks = 0;
    mostRunning = 0;
    visits = [];
    isWaiting = false;
    whyEnded = undefined;
    held = [];
    begun = [];
    mostHeld = 0;
    isOpen = false;
  });
  afterEach(async () => {
    await closeAll();
    await client.end();
    await place.drop();
  });

  async function start(type: string): Promise<TestHost> {
    const host = await startHost(place, type);
    hosts.push(host);
    return host;
  }

  const closeAll = () => Promise.all(hosts.splice(0).map((host) => host.close()));

  it('run once an interval, on one of two processes', async () => {
    await client.query(`
      create table claims (early boolean, pause float8);
      create function note_claim() returns trigger language plpgsql as $$ begin
        insert into claims values (old.next_run > now(), extract(epoch from new.next_run - now()));
        return new;
      end $$;
      create trigger note_claim after update of next_run on periodic_runs
        for each row when (new.next_run > old.next_run) execute function note_claim()`);
    await Promise.all([start('ticking'), start('ticking')]);
    const claims = async () =>
      (await client.query<{ early: boolean; pause: number }>('select * from claims')).rows;
    await until(async () => (await claims()).length === ticks && ticks >= 5);
    await closeAll();

    const rows = await claims();
    // The stop may have come between a claim and its run.
    expect([ticks, ticks + 1]).toContain(rows.length);
    expect(mostRunning).toBe(1);
    expect(rows.filter(({ early, pause }) => early || pause < 0.899 || pause > 1.101)).toEqual([]);
    expect(new Set(rows.map(({ pause }) => pause)).size).toBeGreaterThan(1);
  });

  it('skip a locked node and run on the others, until it is free', async () => {
    const { app, http } = await start('visiting');
    const members = { driver: 'visiting', vendor_interface: 'visiting' };
    const locked = await createNode(http, members);
    const node = await app.get(PassthruNodes).getByUuid(locked);
    const lock = await app.get(ReservationsService).acquire(node, { purpose: 'test', caller: null });
    const before = visits.filter((each) => each === locked).length;
    const free = await createNode(http, members);
    await createNode(http, { driver: 'visiting', vendor_interface: 'no-vendor' });
    await until(() => visits.filter((each) => each === free).length >= 2);
    expect(visits.filter((each) => each === locked)).toHaveLength(before);
    await app.get(ReservationsService).release(lock);
    await until(() => visits.filter((each) => each === locked).length > before);
    expect(new Set(visits)).toEqual(new Set([free, locked]));
    await until(async () => {
      const { driver_internal_info } = await fields(http, locked, 'driver_internal_info');
      return typeof (driver_internal_info as { fence?: unknown }).fence === 'string';
    });
  });

  it('have their errors logged with package and method, without a line for each', async () => {
    const { http, log } = await start('visiting');
    const members = { driver: 'visiting', vendor_interface: 'visiting' };
    for (let made = 0; made < 12; made++) await createNode(http, members);
    const lines = () => log.entries.filter((entry) => entry.includes('vendor:visiting.read_sensor'));
    await until(() => lines().some((line) => /\(\d+ more since the last such line\)/.test(line)));
    expect(lines()[0]).toMatch(/of driver-periodic@1\.0\.0 on node .* is on fire/);
  });

  /** With the type `ticking`, so that the service often looks for what is due. */
  async function startSweep(nodes: number): Promise<{ host: TestHost; nodes: string[] }> {
    const host = await start('sweeping,ticking');
    const members = { driver: 'sweeping', vendor_interface: 'sweeping' };
    const nextRun = async (time: string): Promise<boolean> => {
      const { rowCount } = await client.query(
        `update periodic_runs set next_run = ${time} where key = 'sweeping/sweeping.sweep'`,
      );
      return rowCount === 1;
    };
    // The time of the first run is left to chance; it must not come while the nodes are made.
    await until(() => nextRun(`now() + interval '1 hour'`));
    const made: string[] = [];
    while (made.length < nodes) made.push(await createNode(host.http, members));
    expect(await nextRun('now()')).toBe(true);
    return { host, nodes: made };
  }

  it('run on each of many nodes once, on eight of them at a time', async () => {
    const { nodes } = await startSweep(40);
    await until(() => held.length === 8);
    await until(async () => {
      for (const { end } of held) end();
      return Promise.resolve(begun.length >= nodes.length && held.length === 0);
    });
    expect([...begun].sort()).toEqual([...nodes].sort());
    expect(mostHeld).toBe(8);
  });

  it('have the time of all calls to end when the service stops, and are begun on no other node', async () => {
    const { host } = await startSweep(10);
    await until(() => held.length === 8);
    host.app.get(Lifecycle).drain();
    expect(held.some(({ signal }) => signal.aborted)).toBe(false);
    const signals = held.map(({ signal }) => signal);
    isOpen = true;
    for (const { end } of held) end();
    await closeAll();
    expect(begun).toHaveLength(8);
    expect(signals.some(({ aborted }) => aborted)).toBe(false);
    expect(host.log.entries.filter((entry) => entry.includes('sweeping.sweep'))).toEqual([]);
  });

  it('are aborted when the lease of their process is lost, and another process runs them', async () => {
    const first = await startSweep(1);
    await until(() => held.length === 1);
    await start('sweeping,ticking');
    await client.query('update periodic_runs set next_run = now()');
    await client.query('update conductors set expires_at = now() where id = $1', [
      first.host.app.get(Conductor).life.id,
    ]);
    // The first process would not begin again what still runs in it.
    await until(() => begun.length === 2);
    await until(() => held[0]?.signal.aborted === true);
    expect(held[0]?.signal.reason).toMatchObject({ code: 'PeriodicLeaseLost' });
    expect(held[1]?.signal.aborted).toBe(false);
    isOpen = true;
    for (const { end } of held) end();
  });

  it('are aborted at their own time limit, with a line in the log', async () => {
    const { log } = await start('limited');
    await until(() => log.text.includes('ran past its time limit of 0.05 s'));
    expect(whyEnded).toMatchObject({ code: 'MethodTimeout' });
  });

  it('are aborted when the time to stop is over, and may run elsewhere then', async () => {
    const host = await start('waiting');
    await until(() => isWaiting);
    await closeAll();
    expect(whyEnded).toMatchObject({ code: 'ServiceStopping' });
    expect(host.log.entries.filter((entry) => entry.includes('vendor:waiting.wait'))).toEqual([]);
    const { rows } = await client.query('select conductor_id from periodic_runs');
    expect(rows).toEqual([{ conductor_id: null }]);
  });

  it('wait for the lease of a process that died while it ran them', async () => {
    const dead = randomUUID();
    await client.query(
      `insert into conductors (id, hostname, expires_at) values ($1, 'dead', now() + interval '1 hour')`,
      [dead],
    );
    await client.query(`insert into periodic_runs values ('ticking/ticking.tick', '-infinity', $1)`, [dead]);
    await start('ticking,waiting');
    // One statement takes all that are due.
    await until(() => isWaiting);
    expect(ticks).toBe(0);
    await client.query('update conductors set expires_at = now() where id = $1', [dead]);
    await until(() => ticks > 0);
  });
});
