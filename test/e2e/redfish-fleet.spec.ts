import { type BlackHole, type BmcServer, startBlackHole, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { HttpClient } from '../support/http-client.js';
import { call, ended, jobOf, readJob } from '../support/passthru.js';
import { createRedfishNode } from '../support/redfish.js';
import { until } from '../support/until.js';

const HALF = 20;
const TURNS = 5;
/** Jobs for the BMCs that do not answer. */
const STUCK = 100;
const READ = 'vendor_passthru/get_all_subscriptions';

describe('a fleet of which half of the BMCs never answers', () => {
  let service: TestApp;
  let alive: BmcServer[];
  let dead: BlackHole[];
  let waiting: HttpClient[];
  beforeAll(async () => {
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish', FERRULE_REDFISH_ATTEMPTS: '1' });
    alive = await Promise.all(Array.from({ length: HALF }, () => startBmc()));
    dead = await Promise.all(Array.from({ length: HALF }, () => startBlackHole()));
    waiting = dead.map(() => new HttpClient(service.http.base));
  });
  afterAll(async () => {
    await Promise.all(dead.map((each) => each.close()));
    waiting.forEach((client) => client.close());
    await service.close();
    await Promise.all(alive.map((each) => each.close()));
  });

  it('serves calls and jobs of the other half while all those of the dead half are waiting', async () => {
    const { http } = service;
    const [first] = alive;
    if (!first) throw new TypeError('There are BMCs.');
    const nodesOf = (addresses: readonly string[]): Promise<string[]> =>
      Promise.all(addresses.map((redfish_address) => createRedfishNode(http, first, { redfish_address })));
    const live = await nodesOf(alive.map(({ address }) => address));
    const addresses = dead.map(({ port }) => `http://127.0.0.1:${port}`);
    const silent = await nodesOf(addresses);
    const more = await nodesOf(Array.from({ length: STUCK / HALF }, () => addresses).flat());

    const over: string[] = [];
    silent.forEach((node, index) => {
      const read = waiting[index]?.get(`/v1/nodes/${node}/${READ}`) ?? Promise.resolve();
      const end = (): unknown => over.push(node);
      read.then(end, end);
    });
    const stuck = await Promise.all(more.map(async (node) => jobOf(await call(http, node, 'eject_vmedia'))));
    await until(() => dead.every(({ connections }) => connections > 0));

    const reads = live.map(async (node) => {
      for (let turn = 0; turn < TURNS; turn++) (await http.get(`/v1/nodes/${node}/${READ}`)).expect(200);
    });
    const jobs = live.map(async (node) => ended(http, jobOf(await call(http, node, 'eject_vmedia'))));
    await Promise.all(reads);
    expect((await Promise.all(jobs)).map(({ state }) => state)).toEqual(live.map(() => 'succeeded'));

    expect(over).toEqual([]);
    const states = await Promise.all(stuck.map(async (job) => (await readJob(http, job)).state));
    expect(states.filter((state) => state !== 'running' && state !== 'queued')).toEqual([]);
    expect(alive.map(({ logins }) => logins)).toEqual(alive.map(() => 1));
  });
});
