import { createServer, type Server } from 'node:http';
import { failureOf, useBmc } from '../bmc.spec-support.js';
import { RedfishForeignLinkError, RedfishResponseError } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const SUBSCRIPTION = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'c' };

describe('the origin of a BMC', () => {
  const lab = useBmc();

  describe('links', () => {
    it('keep verb and body over a redirect on the same BMC', async () => {
      lab.bmc.misbehave({ redirectOnPost: { path: SUBSCRIPTIONS, status: 302, to: 'slash' } });
      const reply = await lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      expect(reply.status).toBe(201);
      expect(lab.bmc.requests.slice(-2).map(({ method, path }) => [method, path])).toEqual([
        ['POST', SUBSCRIPTIONS],
        ['POST', `${SUBSCRIPTIONS}/`],
      ]);
    });

    it('end with an error when they form a loop', async () => {
      lab.bmc.misbehave({ redirectOnPost: { path: SUBSCRIPTIONS, status: 307, to: 'loop' } });
      const error = await failureOf(lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION));
      expect(error).toBeInstanceOf(RedfishResponseError);
      expect(lab.bmc.requests.filter(({ path }) => path.startsWith(SUBSCRIPTIONS)).length).toBeLessThan(8);
    });

    it('of a foreign Location are reported and not followed, unless an alias says it is the same BMC', async () => {
      lab.bmc.misbehave({ createAnswer: 'absolute-location-foreign' });
      const reply = await lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      expect(reply.location).toBeUndefined();
      const foreign = new URL(reply.foreignLocation ?? '');
      await lab.reopen({ aliases: { [lab.client.origin]: [foreign.origin] } });
      const known = await lab.client.post(SUBSCRIPTIONS, { ...SUBSCRIPTION, Context: 'd' });
      expect(known.foreignLocation).toBeUndefined();
      const member = await lab.client.get(known.location ?? '');
      expect(member.body).toMatchObject({ Context: 'd' });
    });

    it('of an absolute Location on the BMC are followed', async () => {
      lab.bmc.misbehave({ createAnswer: 'absolute-location' });
      const { location } = await lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION);
      expect(location).toMatch(/^\/redfish\/v1\/EventService\/Subscriptions\//);
    });

    it('behind NAT work everywhere with an alias, and are refused without', async () => {
      lab.bmc.misbehave({ absoluteLinks: 'foreign' });
      const error = await failureOf(lab.client.system());
      expect(error).toBeInstanceOf(RedfishForeignLinkError);
      const [, foreign = ''] = /to (https?:\/\/[^/]+)/.exec(String(error)) ?? [];
      await lab.reopen({ aliases: { [lab.client.origin]: [foreign] } });
      expect((await lab.client.system()).body).toHaveProperty('Id');
    });

    it('can be resolved before a request', () => {
      expect(lab.client.resolve('Systems/1')).toBe(`${SYSTEMS}/1`);
      expect(lab.client.resolve('/redfish/v1/Systems/../../../admin')).toBe('/admin');
      expect(lab.client.resolve('/redfish/v1/Systems/%2e%2e/x')).toBe('/redfish/v1/x');
      expect(() => lab.client.resolve('//evil.test/x')).toThrow(RedfishForeignLinkError);
    });

    it('are sent as given, with or without a slash', async () => {
      await lab.client.get(`${SYSTEMS}/`);
      await failureOf(lab.client.get(`${SYSTEMS}/a%2Fb:c`));
      expect(lab.bmc.requests.slice(-2).map(({ path }) => path)).toEqual([
        `${SYSTEMS}/`,
        `${SYSTEMS}/a%2Fb:c`,
      ]);
    });
  });

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
      expect(await failureOf(lab.client.request({ method, path }))).toBeInstanceOf(RedfishForeignLinkError);
      expect(seen).toEqual([]);
    });

    it('goes to no other origin by a redirect', async () => {
      lab.bmc.misbehave({ redirectOnPost: { path: SUBSCRIPTIONS, status: 308, to: 'foreign' } });
      const error = await failureOf(lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION));
      expect(error).toBeInstanceOf(RedfishForeignLinkError);
      expect(lab.bmc.subscriptions).toEqual([]);
    });

    it('goes to no other origin by a link in a resource', async () => {
      lab.bmc.change('/redfish/v1/', {
        Systems: { '@odata.id': `http://127.0.0.1:${port}/redfish/v1/Systems` },
      });
      expect(await failureOf(lab.client.system())).toBeInstanceOf(RedfishForeignLinkError);
      expect(seen).toEqual([]);
    });
  });
});
