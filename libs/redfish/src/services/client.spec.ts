import { type Misbehaviours, startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, targetOf, useBmc } from '../bmc.spec-support.js';
import {
  RedfishAmbiguousSystemError,
  RedfishNotFoundError,
  RedfishUnsupportedError,
  RedfishValidationError,
} from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const SUBSCRIPTION = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'c' };

describe('RedfishClient', () => {
  const lab = useBmc();

  describe('on the wire', () => {
    it('sends the headers that BMCs need, and a content type only with a body', async () => {
      await lab.client.get(SYSTEMS);
      await lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      const [get, post] = lab.bmc.requests.slice(-2);
      expect(get?.headers).toMatchObject({
        accept: 'application/json',
        'accept-encoding': 'identity',
        'odata-version': '4.0',
        'user-agent': 'ferrule-redfish',
        'x-auth-token': expect.any(String),
      });
      expect(get?.headers['content-type']).toBeUndefined();
      expect(get?.headers['authorization']).toBeUndefined();
      expect(post?.headers['content-type']).toBe('application/json');
      expect(post?.headers['if-match']).toBeUndefined();
      expect(post?.body).toEqual(SUBSCRIPTION);
    });

    it('sends no body at all for an action without one', async () => {
      await failureOf(lab.client.post('/redfish/v1/Nowhere'));
      expect(lab.bmc.requests.at(-1)).toMatchObject({ rawBody: '', headers: { 'content-length': '0' } });
    });

    it("adds the caller's headers without replacing its own", async () => {
      const headers = { Accept: 'text/plain', 'X-Auth-Token': 'mine', Prefer: 'x' };
      await lab.client.request({ method: 'GET', path: SYSTEMS, headers });
      expect(lab.bmc.requests.at(-1)?.headers).toMatchObject({ accept: 'application/json', prefer: 'x' });
      expect(lab.bmc.requests.at(-1)?.headers['x-auth-token']).not.toBe('mine');
    });

    it.each([{ 'X-A': 'b\r\nX-C: d' }, { 'X A': 'b' }, { 'X-A': 'é' }])(
      'refuses the header %j',
      async (headers) => {
        expect(await failureOf(lab.client.request({ method: 'GET', path: SYSTEMS, headers }))).toBeInstanceOf(
          TypeError,
        );
        expect(lab.bmc.requests).toEqual([]);
      },
    );

    it('uses one socket for calls one after the other', async () => {
      for (let call = 0; call < 10; call += 1) await lab.client.get(SYSTEMS);
      expect(lab.bmc.connections.total).toBe(1);
    });

    it('gives the reply without token and cookies', async () => {
      const sessions = '/redfish/v1/SessionService/Sessions';
      const reply = await lab.client.post(sessions, {
        UserName: lab.bmc.username,
        Password: lab.bmc.password,
      });
      expect(reply.headers).not.toHaveProperty('x-auth-token');
      expect(Object.keys(reply).sort()).toEqual(
        ['allow', 'body', 'etag', 'foreignLocation', 'headers', 'location', 'status', 'url'].sort(),
      );
      await lab.client.delete(reply.location ?? '');
    });
  });

  describe('collections', () => {
    const create = async (count: number): Promise<void> => {
      for (let member = 0; member < count; member += 1) {
        await lab.client.post(SUBSCRIPTIONS, {
          ...SUBSCRIPTION,
          Destination: `https://192.0.2.${member + 1}/`,
        });
      }
    };

    it('are read over all their pages', async () => {
      await create(5);
      lab.bmc.misbehave({ pageSize: 2 });
      const members = await lab.client.members(SUBSCRIPTIONS);
      expect(new Set(members).size).toBe(5);
      const { body } = await lab.client.collection(SUBSCRIPTIONS);
      expect(body['Members']).toHaveLength(5);
      expect(body['Members@odata.count']).toBe(5);
      expect(body).not.toHaveProperty('Members@odata.nextLink');
    });

    it('that are too long are an error', async () => {
      await create(3);
      await lab.reopen({ maxMembers: 2 });
      const error = await failureOf(lab.client.members(SUBSCRIPTIONS));
      expect(error).toMatchObject({
        code: 'response',
        message: expect.stringContaining('more than 2 members'),
      });
    });

    it('whose pages form a loop are an error, unless all members were listed', async () => {
      lab.bmc.change(SUBSCRIPTIONS, { 'Members@odata.nextLink': SUBSCRIPTIONS });
      expect(await lab.client.members(SUBSCRIPTIONS)).toEqual([]);
      lab.bmc.change(SUBSCRIPTIONS, { 'Members@odata.count': 1 });
      const error = await failureOf(lab.client.members(SUBSCRIPTIONS));
      expect(error).toMatchObject({ code: 'response', message: expect.stringContaining('form a loop') });
    });
  });

  describe('discovery', () => {
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

  describe('refusals', () => {
    it("have different classes, with the BMC's messages", async () => {
      expect(await failureOf(lab.client.get(`${SYSTEMS}/nothing`))).toBeInstanceOf(RedfishNotFoundError);
      expect(await failureOf(lab.client.post(`${SYSTEMS}/1`, {}))).toBeInstanceOf(RedfishUnsupportedError);
      expect(await failureOf(lab.client.post(`${SYSTEMS}/1/Actions/Nothing`, {}))).toBeInstanceOf(
        RedfishUnsupportedError,
      );
      lab.bmc.misbehave({ refuseEventTypes: true });
      const error = await failureOf(
        lab.client.post(SUBSCRIPTIONS, { ...SUBSCRIPTION, EventTypes: ['Alert'] }),
      );
      expect(error).toBeInstanceOf(RedfishValidationError);
      expect(error).toMatchObject({ status: 400, properties: ['EventTypes'], method: 'POST' });
    });
  });
});
