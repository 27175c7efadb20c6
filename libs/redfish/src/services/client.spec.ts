import { type BmcServer, startBmc } from '@ferrule/driver-testing';
import { clientOf, failureOf, quickClients, targetOf } from '../bmc.spec-support.js';
import {
  RedfishAmbiguousSystemError,
  RedfishNotFoundError,
  RedfishUnsupportedError,
  RedfishValidationError,
  type RedfishClient,
  type RedfishClients,
} from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const SUBSCRIPTION = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'c' };

describe('RedfishClient', () => {
  let bmc: BmcServer;
  let clients: RedfishClients;
  let client: RedfishClient;

  beforeEach(async () => {
    bmc = await startBmc();
    clients = quickClients();
    client = clientOf(clients, bmc);
  });
  afterEach(async () => {
    await clients.close();
    await bmc.close();
  });

  describe('on the wire', () => {
    it('sends what BMCs need, and a content type only with a body', async () => {
      await client.get(SYSTEMS);
      await client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      const [get, post] = bmc.requests.slice(-2);
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
      await failureOf(client.post('/redfish/v1/Nowhere'));
      expect(bmc.requests.at(-1)).toMatchObject({ rawBody: '', headers: { 'content-length': '0' } });
    });

    it('adds headers of the caller, never in place of its own', async () => {
      const headers = { Accept: 'text/plain', 'X-Auth-Token': 'mine', Prefer: 'x' };
      await client.request({ method: 'GET', path: SYSTEMS, headers });
      expect(bmc.requests.at(-1)?.headers).toMatchObject({ accept: 'application/json', prefer: 'x' });
      expect(bmc.requests.at(-1)?.headers['x-auth-token']).not.toBe('mine');
    });

    it.each([{ 'X-A': 'b\r\nX-C: d' }, { 'X A': 'b' }, { 'X-A': 'é' }])(
      'refuses the header %j',
      async (headers) => {
        expect(await failureOf(client.request({ method: 'GET', path: SYSTEMS, headers }))).toBeInstanceOf(
          TypeError,
        );
        expect(bmc.requests).toEqual([]);
      },
    );

    it('uses one socket for calls one after the other', async () => {
      for (let call = 0; call < 10; call += 1) await client.get(SYSTEMS);
      expect(bmc.connections.total).toBe(1);
    });

    it('gives the reply without token and cookies', async () => {
      const sessions = '/redfish/v1/SessionService/Sessions';
      const reply = await client.post(sessions, { UserName: bmc.username, Password: bmc.password });
      expect(reply.headers).not.toHaveProperty('x-auth-token');
      expect(Object.keys(reply).sort()).toEqual(
        ['allow', 'body', 'etag', 'foreignLocation', 'headers', 'location', 'status', 'url'].sort(),
      );
      await client.delete(reply.location ?? '');
    });
  });

  const reopened = async (options: Parameters<typeof quickClients>[0]): Promise<RedfishClients> => {
    await clients.close();
    return quickClients(options);
  };

  describe('collections', () => {
    const create = async (count: number): Promise<void> => {
      for (let member = 0; member < count; member += 1) {
        await client.post(SUBSCRIPTIONS, { ...SUBSCRIPTION, Destination: `https://192.0.2.${member + 1}/` });
      }
    };

    it('are read over all their pages', async () => {
      await create(5);
      bmc.misbehave({ pageSize: 2 });
      const members = await client.members(SUBSCRIPTIONS);
      expect(new Set(members).size).toBe(5);
      const { body } = await client.collection(SUBSCRIPTIONS);
      expect(body['Members']).toHaveLength(5);
      expect(body['Members@odata.count']).toBe(5);
      expect(body).not.toHaveProperty('Members@odata.nextLink');
    });

    it('that are too long are an error, not a part', async () => {
      await create(3);
      clients = await reopened({ maxMembers: 2 });
      const error = await failureOf(clientOf(clients, bmc).members(SUBSCRIPTIONS));
      expect(error).toMatchObject({
        code: 'response',
        message: expect.stringContaining('more than 2 members'),
      });
    });

    it('whose pages go in a circle end', async () => {
      bmc.change(SUBSCRIPTIONS, { 'Members@odata.nextLink': SUBSCRIPTIONS });
      const error = await failureOf(client.members(SUBSCRIPTIONS));
      expect(error).toMatchObject({ code: 'response', message: expect.stringContaining('in a circle') });
    });
  });

  describe('discovery', () => {
    it('finds the only system and its managers, and asks for the collection once', async () => {
      const system = await client.system();
      expect(system.body['@odata.id']).toBe(`${SYSTEMS}/1`);
      await client.system();
      expect(bmc.requests.filter(({ path }) => path === SYSTEMS)).toHaveLength(1);
      const managers = await client.managers(system);
      expect(managers.map(({ body }) => body['@odata.id'])).toEqual(['/redfish/v1/Managers/BMC']);
    });

    it('takes all managers where the only system names none', async () => {
      const system = await client.system();
      const orphan = { ...system, body: { ...system.body, Links: {} } };
      expect(await client.managers(orphan)).toHaveLength(1);
    });

    it('lists the candidates where there are several, and takes the one driver_info names', async () => {
      const double = await startBmc({ hasSecondSystem: true });
      try {
        const error = await failureOf(clientOf(clients, double).system());
        expect(error).toBeInstanceOf(RedfishAmbiguousSystemError);
        expect(error).toMatchObject({
          message: expect.stringContaining('set redfish_system_id to one of: '),
          candidates: [{ path: `${SYSTEMS}/1` }, { path: `${SYSTEMS}/HGX_Baseboard_0` }],
        });
        const named = clientOf(clients, double, { redfish_system_id: `${SYSTEMS}/HGX_Baseboard_0` });
        expect((await named.system()).body['Id']).toBe('HGX_Baseboard_0');
        expect(double.logins).toBe(1);
      } finally {
        await clients.close();
        await double.close();
      }
    });

    it('reads the root once, without credentials, and again when asked', async () => {
      await client.root();
      await client.root();
      expect(bmc.requests.map(({ authentication }) => authentication)).toEqual(['none']);
      await client.root({ fresh: true });
      expect(bmc.requests).toHaveLength(2);
    });

    it('works below a path of a gateway', async () => {
      const gateway = await startBmc({ prefix: '/bmc1' });
      try {
        expect(new URL((await clientOf(clients, gateway).system()).url).pathname).toBe(
          '/bmc1/redfish/v1/Systems/1',
        );
      } finally {
        await clients.close();
        await gateway.close();
      }
    });

    it('keeps what a driver learned for every client of the BMC', () => {
      client.learn('acme.slots', 'patch');
      const other = clients.client(targetOf(bmc, { redfish_auth_type: 'basic' }, 'another'));
      expect(other.learned('acme.slots')).toBe('patch');
      expect(clients.status[0]).toMatchObject({ bmc: client.origin, learned: { 'acme.slots': 'patch' } });
    });
  });

  describe('refusals', () => {
    it('are told apart by class, with the words of the BMC', async () => {
      expect(await failureOf(client.get(`${SYSTEMS}/nothing`))).toBeInstanceOf(RedfishNotFoundError);
      expect(await failureOf(client.post(`${SYSTEMS}/1`, {}))).toBeInstanceOf(RedfishUnsupportedError);
      expect(await failureOf(client.post(`${SYSTEMS}/1/Actions/Nothing`, {}))).toBeInstanceOf(
        RedfishUnsupportedError,
      );
      bmc.misbehave({ refuseEventTypes: true });
      const error = await failureOf(client.post(SUBSCRIPTIONS, { ...SUBSCRIPTION, EventTypes: ['Alert'] }));
      expect(error).toBeInstanceOf(RedfishValidationError);
      expect(error).toMatchObject({ status: 400, properties: ['EventTypes'], method: 'POST' });
    });
  });
});
