import { startBmc } from '@ferrule/bmc-simulator';
import { clientOf, targetOf, until, useBmc } from '../bmc.spec-support.js';

const ROOT = '/redfish/v1';
const SYSTEM = '/redfish/v1/Systems/1';

describe('what was learned about a BMC', () => {
  const lab = useBmc();

  it('is forgotten when its firmware changes', async () => {
    const { client } = lab;
    const system = await client.system();
    await client.managers(system);
    client.learn('etag', 'strong');
    await client.managers(system);
    expect(client.learned('etag')).toBe('strong');
    lab.bmc.change('/redfish/v1/Managers/BMC', { FirmwareVersion: '2.0.0' });
    await client.managers(system);
    expect(client.learned('etag')).toBeUndefined();
    expect((await client.identity()).firmware).toBe('2.0.0');
  });

  it('stays when one of several managers has another firmware', async () => {
    const { client } = lab;
    lab.bmc.change('/redfish/v1/Managers/HGX', { FirmwareVersion: 'HGX-24', ManagerType: 'BMC' });
    const ManagedBy = ['BMC', 'HGX'].map((id) => ({ '@odata.id': `/redfish/v1/Managers/${id}` }));
    lab.bmc.change(SYSTEM, { Links: { ManagedBy } });
    const system = await client.system();
    client.learn('etag', 'strong');
    await client.managers(system);
    await client.managers(system);
    expect(client.learned('etag')).toBe('strong');
  });

  it('is forgotten when the root shows another version after a lost connection', async () => {
    const { client } = lab;
    await client.get(SYSTEM);
    client.learn('etag', 'strong');
    lab.bmc.restart();
    await client.get(SYSTEM);
    expect(client.learned('etag')).toBe('strong');
    lab.bmc.change(ROOT, { RedfishVersion: '1.20.0' });
    lab.bmc.misbehave({ resetOnce: 'before-effect' });
    await client.get(SYSTEM);
    await client.root();
    expect(client.learned('etag')).toBeUndefined();
  });

  it('about its connections survives eviction', async () => {
    lab.bmc.misbehave({ halfClosedKeepAlive: 'reset-on-reuse' });
    for (let call = 0; call < 8; call += 1) await lab.client.get(SYSTEM);
    const { bmc } = lab;
    await lab.reopen({ maxEntries: 1 });
    for (let call = 0; call < 8; call += 1) await lab.client.get(SYSTEM);
    const other = await startBmc();
    try {
      await clientOf(lab.clients, other).get(SYSTEM);
      await bmc.waitFor(({ sessions }) => sessions === 0);
      bmc.forget();
      await lab.client.get(SYSTEM);
      expect(new Set(bmc.requests.map(({ headers }) => headers['connection']))).toEqual(new Set(['close']));
    } finally {
      await lab.clients.close();
      await other.close();
    }
  });
});

describe('iLO 4', () => {
  const lab = useBmc({ maxEntries: 1 }, { profile: 'hpe-ilo4' });

  it('is recognised, and gets one request per connection and at a time, also after eviction', async () => {
    await Promise.all([lab.client.get(SYSTEM), lab.client.get(SYSTEM), lab.client.get(SYSTEM)]);
    expect((await lab.client.quirks()).map(({ id }) => id)).toContain('hpe-ilo4-connection-close');
    const other = await startBmc();
    try {
      await clientOf(lab.clients, other).get(SYSTEM);
      await lab.bmc.waitFor(({ sessions }) => sessions === 0);
      lab.bmc.forget();
      await Promise.all([lab.client.get(SYSTEM), lab.client.get(SYSTEM), lab.client.get(SYSTEM)]);
      const { requests, inFlight } = lab.bmc;
      expect(new Set(requests.map(({ connection }) => connection)).size).toBe(requests.length);
      expect(requests.every(({ outcome }) => outcome === 'answered')).toBe(true);
      expect(inFlight.max).toBe(1);
    } finally {
      await lab.clients.close();
      await other.close();
    }
  });
});

describe('the queue of a BMC', () => {
  const lab = useBmc({ sockets: 1 });

  it('is one, whatever the TLS options and credentials of its nodes', async () => {
    const options = [{}, { verify: false }, { minVersion: '1.3' as const }];
    const clients = options.map((each, at) => lab.clients.client(targetOf(lab.bmc, each, `node-${at}`)));
    await Promise.all(clients.map(async (client) => client.get(SYSTEM)));
    await Promise.all(clients.flatMap((client) => [client.get(SYSTEM), client.get(SYSTEM)]));
    await until(() => lab.bmc.inFlight.current === 0);
    expect(lab.bmc.inFlight.max).toBe(1);
  });
});
