import { type BmcServer, startBmc } from '@ferrule/driver-testing';
import { createServer, type Server } from 'node:http';
import { clientOf, failureOf, quickClients, targetOf } from './bmc.spec-support.js';
import {
  RedfishAmbiguousSystemError,
  RedfishForeignLinkError,
  RedfishNotFoundError,
  RedfishResponseError,
  RedfishUnsupportedError,
  RedfishValidationError,
  type RedfishClient,
  type RedfishClients,
} from './index.js';

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

  describe('links', () => {
    it('keep verb and body over a redirect on the same BMC', async () => {
      bmc.misbehave({ redirectOnPost: { path: SUBSCRIPTIONS, status: 302, to: 'slash' } });
      const reply = await client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      expect(reply.status).toBe(201);
      expect(bmc.requests.slice(-2).map(({ method, path }) => [method, path])).toEqual([
        ['POST', SUBSCRIPTIONS],
        ['POST', `${SUBSCRIPTIONS}/`],
      ]);
    });

    it('are not followed in a circle', async () => {
      bmc.misbehave({ redirectOnPost: { path: SUBSCRIPTIONS, status: 307, to: 'loop' } });
      const error = await failureOf(client.post(SUBSCRIPTIONS, SUBSCRIPTION));
      expect(error).toBeInstanceOf(RedfishResponseError);
      expect(bmc.requests.filter(({ path }) => path.startsWith(SUBSCRIPTIONS)).length).toBeLessThan(8);
    });

    it('of a foreign Location are reported and not followed, unless an alias says it is the same BMC', async () => {
      bmc.misbehave({ createAnswer: 'absolute-location-foreign' });
      const reply = await client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      expect(reply.location).toBeUndefined();
      const foreign = new URL(reply.foreignLocation ?? '');
      await clients.close();
      clients = quickClients({ aliases: { [client.origin]: [foreign.origin] } });
      const known = await clientOf(clients, bmc).post(SUBSCRIPTIONS, { ...SUBSCRIPTION, Context: 'd' });
      expect(known.foreignLocation).toBeUndefined();
      const member = await clientOf(clients, bmc).get(known.location ?? '');
      expect(member.body).toMatchObject({ Context: 'd' });
    });

    it('of an absolute Location on the BMC are followed', async () => {
      bmc.misbehave({ createAnswer: 'absolute-location' });
      const { location } = await client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      expect(location).toMatch(/^\/redfish\/v1\/EventService\/Subscriptions\//);
    });

    it('behind NAT work everywhere with an alias, and are refused without', async () => {
      bmc.misbehave({ absoluteLinks: 'foreign' });
      const error = await failureOf(client.system());
      expect(error).toBeInstanceOf(RedfishForeignLinkError);
      const [, foreign = ''] = /to (https?:\/\/[^/]+)/.exec(String(error)) ?? [];
      clients = await reopened({ aliases: { [client.origin]: [foreign] } });
      expect((await clientOf(clients, bmc).system()).body).toHaveProperty('Id');
    });

    it('can be resolved before they are asked for', () => {
      expect(client.resolve('Systems/1')).toBe(`${SYSTEMS}/1`);
      expect(client.resolve('/redfish/v1/Systems/../../../admin')).toBe('/admin');
      expect(client.resolve('/redfish/v1/Systems/%2e%2e/x')).toBe('/redfish/v1/x');
      expect(() => client.resolve('//evil.test/x')).toThrow(RedfishForeignLinkError);
    });

    it('are sent as given, with or without a slash', async () => {
      await client.get(`${SYSTEMS}/`);
      await failureOf(client.get(`${SYSTEMS}/a%2Fb:c`));
      expect(bmc.requests.slice(-2).map(({ path }) => path)).toEqual([`${SYSTEMS}/`, `${SYSTEMS}/a%2Fb:c`]);
    });
  });

  const reopened = async (options: Parameters<typeof quickClients>[0]): Promise<RedfishClients> => {
    await clients.close();
    return quickClients(options);
  };

  describe('a token', () => {
    let other: Server;
    let seen: string[];
    let port: number;
    beforeEach(async () => {
      seen = [];
      other = createServer((request, response) => {
        seen.push(JSON.stringify(request.headers));
        response.end('{}');
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const address = other.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
    });
    afterEach(async () => new Promise<void>((resolve) => void other.close(() => resolve())));

    it.each(['GET', 'POST', 'DELETE'] as const)('goes to no other origin by a path of %s', async (method) => {
      const path = `http://127.0.0.1:${port}/redfish/v1/x`;
      expect(await failureOf(client.request({ method, path }))).toBeInstanceOf(RedfishForeignLinkError);
      expect(seen).toEqual([]);
    });

    it('goes to no other origin by a redirect', async () => {
      bmc.misbehave({ redirectOnPost: { path: SUBSCRIPTIONS, status: 308, to: 'foreign' } });
      const error = await failureOf(client.post(SUBSCRIPTIONS, SUBSCRIPTION));
      expect(error).toBeInstanceOf(RedfishForeignLinkError);
      expect(bmc.subscriptions).toEqual([]);
    });

    it('goes to no other origin by a link in a resource', async () => {
      bmc.change('/redfish/v1/', { Systems: { '@odata.id': `http://127.0.0.1:${port}/redfish/v1/Systems` } });
      expect(await failureOf(client.system())).toBeInstanceOf(RedfishForeignLinkError);
      expect(seen).toEqual([]);
    });
  });

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
