import { type Misbehaviours, startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, targetOf, useBmc } from '../bmc.spec-support.js';
import { RedfishAmbiguousSystemError } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('discovery', () => {
  const lab = useBmc();

  it('finds the only system and its managers, and asks for the collection once', async () => {
    const system = await lab.client.system();
    expect(system.body['@odata.id']).toBe(`${SYSTEMS}/1`);
    await lab.client.system();
    expect(lab.bmc.requests.filter(({ path }) => path === SYSTEMS)).toHaveLength(1);
    const managers = await lab.client.managers(system);
    expect(managers.map(({ body }) => body['@odata.id'])).toEqual(['/redfish/v1/Managers/BMC']);
  });

  it('takes all managers where the only system names none', async () => {
    const system = await lab.client.system();
    const orphan = { ...system, body: { ...system.body, Links: {} } };
    expect(await lab.client.managers(orphan)).toHaveLength(1);
  });

  it('lists the candidates where there are several, and takes the one that is named', async () => {
    const double = await startBmc({ hasSecondSystem: true });
    try {
      const error = await failureOf(clientOf(lab.clients, double).system());
      expect(error).toBeInstanceOf(RedfishAmbiguousSystemError);
      expect(error).toMatchObject({
        option: 'systemId',
        message: expect.stringContaining(' offers 2 systems: '),
        candidates: [{ path: `${SYSTEMS}/1` }, { path: `${SYSTEMS}/HGX_Baseboard_0` }],
      });
      const named = clientOf(lab.clients, double, { systemId: `${SYSTEMS}/HGX_Baseboard_0` });
      expect((await named.system()).body['Id']).toBe('HGX_Baseboard_0');
      expect(double.logins).toBe(1);
    } finally {
      await lab.clients.close();
      await double.close();
    }
  });

  const systems = (...names: string[]): void => {
    const Members = names.map((name) => ({ '@odata.id': `${SYSTEMS}/${name}` }));
    lab.bmc.change(SYSTEMS, { Members });
  };

  it('takes the only system that exists of those that are listed', async () => {
    systems('Absent', '1');
    expect((await lab.client.system()).body['Id']).toBe('1');
  });

  it.each<[string, Misbehaviours]>([
    ['403', { forbiddenWithLicence: { path: 'Systems/2' } }],
    ['504', { html504: { path: 'Systems/2' } }],
  ])('lists a candidate that answers %s beside the others', async (_status, switches) => {
    systems('Absent', '2', '1');
    lab.bmc.misbehave(switches);
    expect(await failureOf(lab.client.system())).toMatchObject({
      code: 'ambiguous-system',
      candidates: [{ path: `${SYSTEMS}/2` }, { path: `${SYSTEMS}/1`, name: 'System' }],
    });
  });

  it.each<[string, Misbehaviours]>([
    ['404', {}],
    ['403', { forbiddenWithLicence: { path: 'Managers/2' } }],
    ['504', { html504: { path: 'Managers/2' } }],
  ])('finds the other managers where one answers %s', async (_status, switches) => {
    const ManagedBy = ['2', 'BMC'].map((id) => ({ '@odata.id': `/redfish/v1/Managers/${id}` }));
    lab.bmc.change(`${SYSTEMS}/1`, { Links: { ManagedBy } });
    lab.bmc.misbehave(switches);
    const managers = await lab.client.managers(await lab.client.system());
    expect(managers.map(({ body }) => body['Id'])).toEqual(['BMC']);
  });

  it('reports the refusal of the only manager', async () => {
    lab.bmc.misbehave({ forbiddenWithLicence: { path: 'Managers/' } });
    const system = await lab.client.system();
    expect(await failureOf(lab.client.managers(system))).toMatchObject({ status: 403 });
  });

  it.each([
    { slash: 'without', otherwise: 404 },
    { slash: 'without', otherwise: 401 },
    { slash: 'with', otherwise: 401 },
  ] as const)('reads the root where it is: %j', async (rootOnly) => {
    lab.bmc.misbehave({ rootOnly });
    expect((await lab.client.system()).body['Id']).toBe('1');
  });

  it('advises https:// where http:// is redirected to it', async () => {
    lab.bmc.misbehave({ rootRedirect: 'https' });
    const error = await failureOf(lab.client.system());
    expect(error).toMatchObject({ code: 'foreign-link' });
    const secure = lab.client.origin.replace('http:', 'https:');
    expect(String(error)).toContain(`redirects to ${secure}; use this address, with https://`);
  });

  it('reads the root once, without credentials, and again when asked', async () => {
    await lab.client.root();
    await lab.client.root();
    expect(lab.bmc.requests.map(({ authentication }) => authentication)).toEqual(['none']);
    await lab.client.root({ fresh: true });
    expect(lab.bmc.requests).toHaveLength(2);
  });

  it('works below a path of a gateway', async () => {
    const gateway = await startBmc({ prefix: '/bmc1' });
    try {
      expect(new URL((await clientOf(lab.clients, gateway).system()).url).pathname).toBe(
        '/bmc1/redfish/v1/Systems/1',
      );
    } finally {
      await lab.clients.close();
      await gateway.close();
    }
  });

  it('keeps what a driver learned for every client of the BMC', () => {
    lab.client.learn('acme.slots', 'patch');
    const other = lab.clients.client(targetOf(lab.bmc, { auth: 'basic' }, 'another'));
    expect(other.learned('acme.slots')).toBe('patch');
    expect(lab.clients.status[0]).toMatchObject({
      bmc: lab.client.origin,
      learned: { 'acme.slots': 'patch' },
    });
  });
});
