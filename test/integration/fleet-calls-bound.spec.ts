import { INTERFACE_KINDS } from '@ferrule/driver-kit';
import { FleetCallRepository } from '../../src/fleet/fleet-call.repository.js';
import { SecretsAtRest } from '../../src/secrets/at-rest/secrets-at-rest.js';
import { startApp, type TestApp } from '../support/app.js';
import { fleetCallEnded, makeFleetCall, readFleetCall } from '../support/fleet.js';
import { closeGate, forget, touched, TOUCHED } from '../support/fleet-driver.js';
import { until } from '../support/until.js';

const MOST = 50_000;

/** As many nodes as one fleet call can have. */
describe('a fleet call on 50,000 nodes', () => {
  let app: TestApp;
  beforeAll(async () => {
    forget();
    const env = { FERRULE_ENABLED_HARDWARE_TYPES: 'touched', FERRULE_MAX_LIMIT: '1000' };
    app = await startApp(env, TOUCHED);
    await app.http.post('/v1/nodes', {
      driver: 'touched',
      vendor_interface: 'touching',
      resource_class: 'r',
    });
    await sql(`
      insert into nodes (uuid, ${columns})
      select gen_random_uuid(), ${columns} from nodes, generate_series(1, ${MOST})`);
  });
  afterAll(() => app.close());

  const interfaces = INTERFACE_KINDS.map((kind) => `${kind}_interface`);
  const columns = ['driver', 'provision_state', 'resource_class', ...interfaces].join();
  let statements = 0;
  const sql = (text: string) => app.database.query({ name: `test-bound-${statements++}`, text }, []);

  it('is the largest that is accepted; it is cancelled at once, and deleted with its nodes', async () => {
    const body = { method: 'touch', filter: { resource_class: 'r' } };
    expect((await app.http.post('/v1/fleet_calls', body)).expect(400).fault.faultstring).toBe(
      'The filter finds more than 50000 nodes, the most of one fleet call.',
    );
    await sql('delete from nodes where id = (select max(id) from nodes)');
    closeGate();
    const path = await makeFleetCall(app.http, body);
    await until(() => touched.length === 10);
    expect((await readFleetCall(app.http, path)).counts).toEqual({ waiting: MOST - 10, started: 10 });
    (await app.http.delete(path)).expect(202);
    expect(await fleetCallEnded(app.http, path)).toMatchObject({
      state: 'cancelled',
      counts: { cancelled: 10, skipped: MOST - 10 },
    });
    (await app.http.get(`${path}/nodes?limit=1000`)).expect(200);
    await sql("update fleet_calls set ended_at = now() - interval '1 year'");
    expect(await new FleetCallRepository(app.database, new SecretsAtRest()).deleteEnded(3_600)).toBe(true);
    (await app.http.get(path)).expect(404);
    expect(await sql('select from fleet_call_nodes limit 1')).toEqual([]);
  });
});
