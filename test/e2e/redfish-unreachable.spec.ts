import { type BmcServer, startBlackHole, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { call, ended, fields, jobOf } from '../support/passthru.js';
import { createRedfishNode, EXTENDED, passthru } from '../support/redfish.js';
import { until } from '../support/until.js';

const WANTED = { Destination: 'https://192.0.2.1/events' };
const PROBLEM = { headers: { Accept: 'application/problem+json' } };
/** Milliseconds: the connect budget plus time for a slow machine; the other limits of the call are minutes. */
const CONNECT_BUDGET = 5_000;
const ROOM = 40_000;

interface Unreachable {
  readonly address: string;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

const WAYS = [
  { name: 'whose port is closed', start: closedPort, text: /refused/i, problem: 502 },
  { name: 'that never says a word', start: silence, text: /connect|TLS/i, problem: 504 },
] as const;

async function closedPort(): Promise<Unreachable> {
  const bmc = await startBmc();
  await bmc.close();
  return { address: bmc.address, connections: () => 0, close: async () => {} };
}

async function silence(): Promise<Unreachable> {
  const hole = await startBlackHole();
  return {
    address: `https://127.0.0.1:${hole.port}`,
    connections: () => hole.connections,
    close: () => hole.close(),
  };
}

describe('a BMC that is down', () => {
  let service: TestApp;
  let alive: BmcServer;
  beforeAll(async () => {
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish' });
    alive = await startBmc();
  });
  afterAll(async () => {
    await service.close();
    await alive.close();
  });

  describe.each(WAYS)('$name', ({ start, text, problem }) => {
    let down: Unreachable;
    beforeAll(async () => {
      down = await start();
    });
    afterAll(() => down.close());

    it('is reported within the connect budget by concurrent calls, and leaves no lock', async () => {
      const { http } = service;
      const nodes = await Promise.all(
        Array.from({ length: 4 }, () =>
          createRedfishNode(http, alive, { redfish_address: down.address }, EXTENDED),
        ),
      );
      const [written = '', read = '', asked = '', ejected = ''] = nodes;
      const begin = performance.now();
      const job = jobOf(await call(http, ejected, 'eject_vmedia'));
      const [post, get, detailed, outcome] = await Promise.all([
        passthru(http, 'POST', written, 'create_subscription', WANTED),
        passthru(http, 'GET', read, 'get_all_subscriptions'),
        passthru(http, 'POST', asked, 'redfish_request', { path: '/redfish/v1/' }, PROBLEM),
        ended(http, job),
      ]);
      expect(performance.now() - begin).toBeLessThan(CONNECT_BUDGET + ROOM);

      const prefix = (node: string) => `Redfish connection failed for node ${node}: `;
      for (const [node, answer] of [
        [written, post],
        [read, get],
      ] as const) {
        const { faultcode, faultstring } = answer.expect(500).fault;
        expect(faultcode).toBe('Server');
        expect(faultstring).toContain(prefix(node));
        expect(faultstring.slice(prefix(node).length)).toMatch(text);
      }
      expect(detailed.expect(problem).json()).toMatchObject({
        status: problem,
        code: 'RedfishConnectionError',
        detail: expect.stringContaining(prefix(asked)),
      });
      expect(outcome).toMatchObject({ state: 'failed', error: { code: 'RedfishConnectionError' } });
      expect(outcome.error?.message).toContain(prefix(ejected));
      await until(() => down.connections() === 0);

      for (const node of nodes) {
        expect(await fields(http, node, 'reservation')).toEqual({ reservation: null });
      }
      const moved = [{ op: 'replace', path: '/driver_info/redfish_address', value: alive.address }];
      (await http.patch(`/v1/nodes/${written}`, moved)).expect(200);
      (await passthru(http, 'POST', written, 'create_subscription', WANTED)).expect(200);
    });
  });
});
