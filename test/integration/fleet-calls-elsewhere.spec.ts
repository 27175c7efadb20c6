import { startApp, startBeside, type TestApp } from '../support/app.js';
import { fleetCallEnded, makeFleetCall, touchedNodes } from '../support/fleet.js';
import { closeGate, forget, touched, TOUCHED } from '../support/fleet-driver.js';
import { hostsOf } from '../support/passthru.js';
import { until } from '../support/until.js';

const ENV = { FERRULE_ENABLED_HARDWARE_TYPES: 'touched', FERRULE_LOCK_TRIES: '1', FERRULE_LEASE: '5s' };

/** `app` serves the nodes without a conductor group, and `site` those of `site-b`. */
describe('fleet calls on nodes of different conductors', () => {
  let app: TestApp;
  let site: TestApp;
  beforeAll(async () => {
    app = await startApp(ENV, TOUCHED);
    const env = { FERRULE_HOSTNAME: 'cond-b', FERRULE_CONDUCTOR_GROUP: 'site-b' };
    site = await startBeside(app, { ...ENV, ...env }, TOUCHED);
    await until(async () => (await hostsOf(app.http, 'touched')).includes('cond-b'));
  });
  afterAll(async () => {
    await site.close();
    await app.close();
  });
  beforeEach(forget);

  const nodes = (count: number, members = {}) => touchedNodes(app.http, count, () => members);
  const move = async (uuid: string | undefined, group: string): Promise<void> => {
    const patch = [{ op: 'replace', path: '/conductor_group', value: group }];
    (await app.http.patch(`/v1/nodes/${uuid}`, patch)).expect(200);
  };

  it('are refused as a whole, with the groups', async () => {
    const [here, there] = [await nodes(2), await nodes(1, { conductor_group: 'site-b' })];
    const body = { method: 'touch', nodes: [...here, ...there] };
    for (const query of ['', '?dry_run=true']) {
      const answer = await app.http.post(`/v1/fleet_calls${query}`, body);
      expect(answer.expect(400).fault.faultstring).toMatch(
        /^The nodes are served by different conductors: 2 nodes of driver touched without a conductor group, 1 node of driver touched in conductor group "site-b"\. Please make a fleet call for each/,
      );
    }
    expect(touched).toEqual([]);
  });

  it('go on in the process that serves the moved nodes, and come back', async () => {
    const uuids = await nodes(4);
    const open = closeGate();
    const path = await makeFleetCall(app.http, { method: 'touch', nodes: uuids, parallelism: 1 });
    await until(() => touched.length === 1);
    await move(uuids[1], 'site-b');
    await move(uuids[3], 'site-b');
    open();
    expect(await fleetCallEnded(app.http, path)).toMatchObject({
      state: 'finished',
      counts: { succeeded: 4 },
    });
    expect([...touched].sort()).toEqual([...uuids].sort());
    // The last one has the log of both.
    expect(site.log.text).toContain(
      `${path.split('/').at(-1)} waits for a process that serves its other nodes`,
    );
  });
});
