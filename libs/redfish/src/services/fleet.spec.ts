import { type BlackHole, type BmcServer, startBlackHole, startBmc } from '@ferrule/bmc-simulator';
import { clientOf, quickClients, until } from '../bmc.spec-support.js';
import { RedfishClosedError, type RedfishPool } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';
const HALF = 20;
const CALLS = 5;

describe('a fleet of which half does not answer', () => {
  let alive: BmcServer[];
  let dead: BlackHole[];
  let clients: RedfishPool;
  beforeAll(async () => {
    alive = await Promise.all(Array.from({ length: HALF }, async () => startBmc()));
    dead = await Promise.all(Array.from({ length: HALF }, async () => startBlackHole()));
    clients = quickClients();
  });
  afterAll(async () => {
    await clients.close();
    await Promise.all([...alive, ...dead].map((each) => each.close()));
  });

  it('answers every call to the other half while all calls to the dead are waiting', async () => {
    const results: unknown[] = [];
    const calls = dead.map(async ({ port }) => {
      const url = `http://127.0.0.1:${port}/redfish/v1/`;
      const login = { url, username: 'admin', password: 'secret-password' };
      const call = clientOf(clients, login).get(SYSTEMS);
      results.push(await call.catch((error: unknown) => error));
    });
    await until(() => dead.every(({ connections }) => connections > 0));

    const answers = alive.flatMap((bmc) =>
      Array.from({ length: CALLS }, async () => (await clientOf(clients, bmc).get(SYSTEMS)).status),
    );
    expect(await Promise.all(answers)).toEqual(Array.from({ length: HALF * CALLS }, () => 200));
    expect(results).toEqual([]);
    expect(alive.map(({ logins, sessions }) => [logins, sessions])).toEqual(alive.map(() => [1, 1]));

    await clients.close();
    await Promise.all(calls);
    expect(results.filter((result) => result instanceof RedfishClosedError)).toHaveLength(HALF);
    expect(alive.map(({ sessions }) => sessions)).toEqual(alive.map(() => 0));
  });
});

it('a pool keeps 3,000 clients', async () => {
  const clients = quickClients();
  try {
    for (let number = 0; number < 3_000; number += 1) clients.client(`https://bmc-${number}.test`);
    expect(clients.status).toHaveLength(3_000);
  } finally {
    await clients.close();
  }
});
