import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { HttpClient } from '../support/http-client.js';
import { call } from '../support/passthru.js';
import { createRedfishNode } from '../support/redfish.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';
import { until } from '../support/until.js';

const CLIENTS = 50;
const CALLS = 1_000;
const WANTED = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };

describe('sessions at BMCs', () => {
  let directory: DataDirectory;
  let service: Service;
  let bmc: BmcServer;
  beforeAll(async () => {
    directory = await dataDirectory();
    service = await directory.start({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish,idrac' });
    // Allows eight sessions.
    bmc = await startBmc({ profile: 'dell-idrac9', tls: true });
  });
  afterAll(async () => {
    await directory.dispose();
    await bmc.close();
  });

  it(`${CALLS} calls of ${CLIENTS} clients take one login and two sockets, all closed with the service`, async () => {
    const { http } = service;
    const ca = { redfish_verify_ca: bmc.caPem };
    const nodes = [
      await createRedfishNode(http, bmc, ca),
      await createRedfishNode(http, bmc, ca, { driver: 'idrac' }),
    ];
    const [node = ''] = nodes;
    (await call(http, node, 'create_subscription', WANTED)).expect(200);

    const clients = Array.from({ length: CLIENTS }, () => new HttpClient(http.base));
    const statuses = new Map<number, number>();
    await Promise.all(
      clients.map(async (client, index) => {
        const path = `/v1/nodes/${nodes[index % nodes.length]}/vendor_passthru/get_all_subscriptions`;
        for (let turn = 0; turn < CALLS / CLIENTS; turn++) {
          const answer = await client.get(path);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          if (answer.status === 200) expect(answer.json()).toMatchObject({ 'Members@odata.count': 1 });
        }
      }),
    );
    clients.forEach((client) => client.close());

    expect([...statuses]).toEqual([[200, CALLS]]);
    expect([bmc.logins, bmc.loginAttempts, bmc.sessions]).toEqual([1, 1, 1]);
    expect(bmc.connections.max).toBeLessThanOrEqual(2);
    expect(bmc.inFlight.max).toBeLessThanOrEqual(2);

    expect(await service.stop()).toBe(0);
    expect(bmc.sessions).toBe(0);
    await until(() => bmc.connections.current === 0);
  });

  it('a changed password ends the session of the old one', async () => {
    const own = await startBmc({ password: 'the-first-password' });
    const next = await directory.start({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish' });
    try {
      const { http } = next;
      const node = await createRedfishNode(http, own);
      const path = `/v1/nodes/${node}/vendor_passthru/get_all_subscriptions`;
      (await http.get(path)).expect(200);
      expect(own.sessions).toBe(1);
      const patch = [{ op: 'replace', path: '/driver_info/redfish_password', value: 'another-password' }];
      (await http.patch(`/v1/nodes/${node}`, patch)).expect(200);
      // The BMC still has the old password.
      (await http.get(path)).expect(500);
      await own.waitFor(({ sessions }) => sessions === 0);
      expect(own.logins).toBe(1);
    } finally {
      await next.stop();
      await own.close();
    }
  });
});
