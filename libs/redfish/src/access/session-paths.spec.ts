import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { clientOf, quickClients, useBmc } from '../bmc.spec-support.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('the session of a BMC', () => {
  const lab = useBmc();

  const requests = (method: string, path: string): number =>
    lab.bmc.requests.filter((request) => request.method === method && request.path.includes(path)).length;

  it.each<[string, Misbehaviours]>([
    ['in the body only', { sessionLocationMissing: true }],
    ['nowhere', { sessionLocationMissing: 'and-body' }],
    ['at its own absolute URL', { sessionLocationAbsolute: 'own' }],
    ['at an address behind NAT', { sessionLocationAbsolute: 'foreign' }],
    ['at an address behind NAT and not in the body', { sessionLocationAbsolute: 'foreign-only' }],
    ['without its leading slash', { leadingSlashMissing: true }],
    [
      'without its leading slash and not in the body',
      {
        leadingSlashMissing: true,
        sessionLocationMissing: false,
        empty200: { path: 'Sessions', method: 'POST' },
      },
    ],
    ['at a place the root does not link', { sessionsLinkHidden: true }],
  ])('is deleted where the BMC tells its path %s', async (_where, switches) => {
    lab.bmc.misbehave(switches);
    await clientOf(lab.clients, lab.bmc).get(SYSTEMS);
    expect(lab.bmc.sessions).toBe(1);
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(0);
  });

  it.each<Misbehaviours>([
    { sessionLocationAbsolute: 'foreign-only' },
    { leadingSlashMissing: true, empty200: { path: 'Sessions', method: 'POST' } },
    { sessionLocationMissing: true },
  ])('is deleted by its path, beside another session of the same user: %j', async (switches) => {
    lab.bmc.misbehave(switches);
    const others = quickClients();
    await clientOf(others, lab.bmc).get(SYSTEMS);
    await lab.client.get(SYSTEMS);
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(1);
    expect(requests('GET', 'Sessions')).toBe(0);
    await others.close();
    expect(lab.bmc.sessions).toBe(0);
  });

  it('is made where a POST is redirected to the path with a slash', async () => {
    lab.bmc.misbehave({ redirectOnPost: { path: 'Sessions', status: 301, to: 'slash' } });
    await clientOf(lab.clients, lab.bmc).get(SYSTEMS);
    expect(lab.bmc.logins).toBe(1);
  });

  it.each(['with', 'without'] as const)('is made where paths must be %s a slash', async (slashes) => {
    lab.bmc.misbehave({ slashes });
    const client = clientOf(lab.clients, lab.bmc, {
      systemId: (await systemPath()).replace(/\/$/, ''),
    });
    expect((await client.system()).body['@odata.id']).toBeDefined();
    expect(lab.bmc.logins).toBe(1);
  });

  const systemPath = async (): Promise<string> => Promise.resolve(`${SYSTEMS}/1`);
});
