import { profileNames, sampleTrees, startBmc } from '@ferrule/bmc-simulator';
import { join, relative } from 'node:path';
import { clientOf, quickClients, useBmc } from '../bmc.spec-support.js';
import { linkOf, RedfishNotFoundError } from '../index.js';
import { quirksOf } from './quirks.js';

describe.each(profileNames)('the client against %s', (profile) => {
  const lab = useBmc({}, { profile });
  const firstSystem = (): string | undefined => {
    const [first] = lab.bmc.members('/redfish/v1/Systems');
    return first;
  };

  it('logs in, finds system, managers and vendor, and logs out', async () => {
    const client = clientOf(lab.clients, lab.bmc, { systemId: firstSystem() });
    const system = await client.system();
    const managers = await client.managers(system);
    expect(managers.length).toBeGreaterThan(0);
    const { vendor = '' } = await client.identity();
    const brand = profile.split('-')[0] ?? '';
    if (profile !== 'generic') expect(vendor.toLowerCase()).toContain(brand);
    expect(lab.bmc).toMatchObject({ logins: 1, sessions: 1 });
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(0);
  });

  it('changes a resource by the rules of its ETags', async () => {
    const client = clientOf(lab.clients, lab.bmc, { systemId: firstSystem() });
    const { url } = await client.system();
    await client.patch(new URL(url).pathname, { AssetTag: 'changed' });
    expect(lab.bmc.resource(new URL(url).pathname)).toMatchObject({ AssetTag: 'changed' });
  });
});

const samples = join(import.meta.dirname, '../../../../../shared/redfish-samples');
const trees = sampleTrees(samples);

const ABSENT = '../shared is not beside this checkout';
const isRequired = process.env['FERRULE_TEST_REQUIRE'] === 'all';

if (trees.length === 0) {
  (isRequired ? it : it.skip)(`runs against recorded answers [skipped: ${ABSENT}]`, () => {
    throw new Error(`FERRULE_TEST_REQUIRE=all, and ${ABSENT}`);
  });
}

for (const tree of trees) {
  describe(`the client against recorded answers of ${relative(samples, tree)}`, () => answers(tree));
}

function answers(tree: string): void {
  it('logs in, reads what discovery leads to, and logs out', async () => {
    const bmc = await startBmc({ tree });
    const clients = quickClients();
    try {
      const client = clientOf(clients, bmc);
      const systems = await client.members(linkOf((await client.root()).body['Systems']) ?? '');
      expect(systems.length).toBeGreaterThan(0);
      for (const path of systems) {
        // The recordings are incomplete: some members of a collection are missing.
        const system = await clientOf(clients, bmc, { systemId: path }).system().catch(absent);
        const managers = system === undefined ? [] : await client.managers(system).catch(absent);
        for (const manager of managers ?? []) expect(manager.body['@odata.type']).toMatch(/^#Manager\./);
      }
      expect(bmc.logins).toBe(1);
      await clients.close();
      expect(bmc.sessions).toBe(0);
    } finally {
      await clients.close();
      await bmc.close();
    }
  });
}

function absent(error: unknown): undefined {
  if (error instanceof RedfishNotFoundError) return undefined;
  throw error;
}

describe('quirksOf', () => {
  it.each([
    ['American Megatrends International', ['gigabyte-strong-etag']],
    ['AMI', ['gigabyte-strong-etag']],
    ['General Dynamics', []],
  ])('takes vendors by whole words: %s', (vendor, ids) => {
    expect(quirksOf({ vendor }).map(({ id }) => id)).toEqual(ids);
  });
});
