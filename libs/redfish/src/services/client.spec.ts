import { failureOf, useBmc } from '../bmc.spec-support.js';
import {
  RedfishArgumentError,
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

    it.each([
      [{ 'X-A': 'b\r\nX-C: d' }, 'The value of the header X-A has characters other than printable ASCII.'],
      [{ 'X-A': 'é' }, 'The value of the header X-A has characters other than printable ASCII.'],
      [{ 'X A': 'b' }, '"X A" is not the name of a header.'],
    ])('refuses the header %j', async (headers: Record<string, string>, message) => {
      const failure = await failureOf(lab.client.request({ method: 'GET', path: SYSTEMS, headers }));
      expect(failure).toBeInstanceOf(RedfishArgumentError);
      expect(failure).toMatchObject({ property: 'headers', message });
      expect(lab.bmc.requests).toEqual([]);
    });

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
