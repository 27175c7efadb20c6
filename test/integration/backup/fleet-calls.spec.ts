import { type Database } from '../../../src/database/database.js';
import { startApp, startBeside, type TestApp } from '../../support/app.js';
import { backUp, restore, SETTLING } from '../../support/backup.js';
import { type TestDatabase, testDatabase } from '../../support/database.js';
import { fleetNodes, makeFleetCall, readFleetCall, touchedNodes } from '../../support/fleet.js';
import { closeGate, forget, touched, TOUCHED } from '../../support/fleet-driver.js';
import { until } from '../../support/until.js';

const ENV = { FERRULE_ENABLED_HARDWARE_TYPES: 'touched', FERRULE_CONDUCTOR_CONCURRENCY: '1' };

/** One of its jobs runs, one is queued, and one node waits. */
describe('a fleet call that ran when the backup was made', () => {
  let app: TestApp;
  let bytes: Buffer;
  let path: string;
  let target: TestDatabase;
  let database: Database;
  let restored: TestApp | undefined;
  beforeAll(async () => {
    forget();
    app = await startApp(ENV, TOUCHED);
    const nodes = await touchedNodes(app.http, 3);
    const open = closeGate();
    path = await makeFleetCall(app.http, { method: 'touch', nodes, parallelism: 2, args: { key: 's3cr3t' } });
    await until(async () => (await readFleetCall(app.http, path)).counts['started'] === 2);
    await until(() => touched.length === 1);
    ({ bytes } = await backUp(app.database.connection));
    open();
    await until(() => touched.length === 3);
    await app.close();
  });
  beforeEach(async () => {
    forget();
    target = await testDatabase();
    database = target.open();
    await sql('drop schema public cascade');
    await sql('create schema public');
  });
  afterEach(async () => {
    await restored?.close();
    await database.close();
    await target.drop();
  });

  const sql = (text: string) =>
    database.query<Record<string, unknown>>({ name: `test-${text}`.slice(0, 60), text }, []);

  it('is stopped, calls no node, and has forgotten its arguments', async () => {
    await restore(target.connection, bytes);
    restored = await startBeside({ database }, ENV, TOUCHED);
    const document = await readFleetCall(restored.http, `${path}?wait=60`);
    expect(document).toMatchObject({
      state: 'stopped',
      reason: SETTLING.message,
      counts: { 'outcome-unknown': 2, skipped: 1 },
      ended_at: expect.any(String),
    });
    expect(await sql('select args, conductor_id from fleet_calls')).toEqual([
      { args: {}, conductor_id: null },
    ]);
    expect(touched).toEqual([]);
  });

  it('has what becomes of a job that stays queued', async () => {
    await restore(target.connection, bytes, { ...SETTLING, keepQueued: true });
    restored = await startBeside({ database }, ENV, TOUCHED);
    const { http } = restored;
    await until(async () => (await readFleetCall(http, path)).counts['succeeded'] === 1);
    expect(await readFleetCall(http, path)).toMatchObject({
      state: 'stopped',
      counts: { 'outcome-unknown': 1, succeeded: 1, skipped: 1 },
    });
    const states = (await fleetNodes(http, path)).map(({ state }) => state);
    expect(states.sort()).toEqual(['outcome-unknown', 'skipped', 'succeeded']);
    expect(touched).toHaveLength(1);
  });
});
