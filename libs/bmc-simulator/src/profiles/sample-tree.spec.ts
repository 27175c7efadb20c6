import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBmc } from '../server/bmc-server.js';
import { linksOf } from '../tree/json.js';
import { sampleTrees } from './sample-tree.js';
import { call, login, subscriptionFor } from '../client.spec-support.js';

const SAMPLES = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/redfish-samples');
const found = sampleTrees(SAMPLES);

describe('a folder of samples', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-samples-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const plant = (path: string, resource: object): void => {
    mkdirSync(join(folder, 'one', path), { recursive: true });
    writeFileSync(join(folder, 'one', path, 'index.json'), JSON.stringify(resource));
  };

  it('is served with missing collections added, other paths are 404', async () => {
    plant('redfish/v1', { Vendor: 'HPE', EventService: { '@odata.id': '/redfish/v1/EventService' } });
    plant('redfish/v1/EventService', {
      RegistryPrefixes: ['iLOEvents'],
      Subscriptions: { '@odata.id': '/redfish/v1/EventService/Subscriptions' },
    });
    plant('redfish/v1/TaskService/Tasks/9', { error: { code: 'a body of a 404' } });
    const [tree] = sampleTrees(folder);
    const bmc = await startBmc({ ...(tree !== undefined && { tree }) });
    try {
      expect(bmc.rules.vendor).toBe('HPE');
      expect((await call(bmc, 'GET', '/redfish/v1/Systems')).status).toBe(404);
      expect((await call(bmc, 'GET', '/redfish/v1/TaskService/Tasks/9')).status).toBe(404);
      const path = '/redfish/v1/EventService/Subscriptions';
      expect((await call(bmc, 'POST', path, { body: subscriptionFor(bmc) })).status).toBe(201);
      const types = { ...subscriptionFor(bmc), EventTypes: ['Alert'] };
      expect((await call(bmc, 'POST', path, { body: types })).status).toBe(400);
    } finally {
      await bmc.close();
    }
  });

  it('must contain a service root', async () => {
    mkdirSync(join(folder, 'redfish', 'v1'), { recursive: true });
    await expect(startBmc({ tree: folder })).rejects.toThrow(/no redfish\/v1\/index.json/);
    expect(sampleTrees(join(folder, 'nowhere'))).toEqual([]);
  });
});

if (found.length === 0) {
  console.log(
    `The sample trees beside the checkout (${relative(process.cwd(), SAMPLES)}) are absent: not served here.`,
  );
}

(found.length === 0 ? describe.skip : describe)('the sample trees', () => {
  it.each(found.map((tree) => [relative(SAMPLES, tree), tree]))('%s lives', async (_name, tree) => {
    const bmc = await startBmc({ tree });
    try {
      const { token } = await login(bmc);
      expect(bmc.sessions).toBe(1);
      const systems = await call(bmc, 'GET', '/redfish/v1/Systems', { as: { token } });
      expect(linksOf(systems.body['Members']).length).toBeGreaterThan(0);
      const before = bmc.subscriptions.length;
      const listed = await call(bmc, 'GET', '/redfish/v1/EventService/Subscriptions', { as: { token } });
      const links = linksOf(listed.body['Members']);
      expect(new Set(links).size).toBe(links.length);
      const path = '/redfish/v1/EventService/Subscriptions';
      const made = await call(bmc, 'POST', path, { body: subscriptionFor(bmc), as: { token } });
      expect([made.status, bmc.subscriptions.length]).toEqual([201, before + 1]);
      const member = String(made.headers['location']);
      expect((await call(bmc, 'DELETE', member, { as: { token } })).status).toBe(204);
      expect(bmc.subscriptions).toHaveLength(before);
      for (const { path: medium, id } of bmc.media) {
        expect((await call(bmc, 'GET', medium, { as: { token } })).body['Id']).toBe(id);
      }
    } finally {
      await bmc.close();
    }
  });
});
