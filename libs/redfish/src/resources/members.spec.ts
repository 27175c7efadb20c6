import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureOf, useBmc } from '../bmc.spec-support.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const EXPANDED = { ExpandQuery: { NoLinks: true, Levels: true, MaxLevels: 1 } };

describe('each', () => {
  const lab = useBmc({}, {}, async ({ bmc, client }) => {
    for (let member = 1; member <= 5; member += 1) {
      const Destination = `https://192.0.2.${member}/`;
      await client.post(SUBSCRIPTIONS, { Destination, Protocol: 'Redfish', Context: 'c' });
    }
    bmc.change('/redfish/v1/', { ProtocolFeaturesSupported: EXPANDED });
    await client.root({ fresh: true });
    bmc.forget();
  });
  const destinations = Array.from({ length: 5 }, (_, at) => `https://192.0.2.${at + 1}/`);

  const all = async (): Promise<unknown[]> => {
    const found: unknown[] = [];
    for await (const member of lab.client.each(SUBSCRIPTIONS)) found.push(member['Destination']);
    return found.sort();
  };
  const asked = (): number => lab.bmc.requests.filter(({ method }) => method === 'GET').length;

  it('reads a collection in one request where the BMC has $expand', async () => {
    expect(await all()).toEqual(destinations);
    expect(asked()).toBe(1);
  });

  it('reads one more for each member where the BMC does not say so', async () => {
    lab.bmc.change('/redfish/v1/', {
      ProtocolFeaturesSupported: { ExpandQuery: { NoLinks: false, ExpandAll: false } },
    });
    await lab.client.root({ fresh: true });
    lab.bmc.forget();
    expect(await all()).toEqual(destinations);
    expect(asked()).toBe(6);
  });

  it('goes on where the BMC promises $expand and refuses it, and remembers that', async () => {
    lab.bmc.misbehave({ html400: { path: SUBSCRIPTIONS, times: 1 } });
    expect(await all()).toEqual(destinations);
    lab.bmc.forget();
    expect(await all()).toEqual(destinations);
    expect(asked()).toBe(6);
  });

  it('reads all pages, whose next links may lose the $expand', async () => {
    lab.bmc.misbehave({ pageSize: 2 });
    expect(await all()).toEqual(destinations);
    expect(asked()).toBe(3 + 3);
  });

  it('reads only what is iterated', async () => {
    lab.bmc.misbehave({ pageSize: 2 });
    for await (const member of lab.client.each(SUBSCRIPTIONS)) {
      expect(member['Destination']).toMatch(/^https:/);
      break;
    }
    expect(asked()).toBe(1);
  });

  it('is one request for a whole collection with expand, too', async () => {
    const { body } = await lab.client.collection(SUBSCRIPTIONS, { expand: true });
    expect(body['Members']).toMatchObject(destinations.map((Destination) => ({ Destination })));
    expect(asked()).toBe(1);
    const links = await lab.client.collection(SUBSCRIPTIONS);
    expect(JSON.stringify(links.body['Members'])).not.toContain('Destination');
  });

  it('reads a page, and neither what is before it nor what is after it', async () => {
    lab.client.learn(`expand ${SUBSCRIPTIONS}`, 'no');
    lab.bmc.misbehave({ pageSize: 2 });
    const page = await lab.client.page(SUBSCRIPTIONS, { skip: 1, limit: 2 });
    expect(page).toMatchObject({ members: [{}, {}], total: 5, more: true });
    expect(asked()).toBe(2 + 2);
    const rest = await lab.client.page(SUBSCRIPTIONS, { skip: 3, limit: 2 });
    expect(rest).toMatchObject({ members: [{}, {}], total: 5, more: false });
    const shown = [...page.members, ...rest.members].map((member) => member['Destination']);
    expect(new Set(shown).size).toBe(4);
    expect(await lab.client.page(SUBSCRIPTIONS, { skip: 9 })).toEqual({ members: [], total: 5, more: false });
  });

  it('fails after the most members', async () => {
    const found: unknown[] = [];
    const failure = await failureOf(
      (async () => {
        for await (const member of lab.client.each(SUBSCRIPTIONS, { skip: 1, most: 3 })) found.push(member);
      })(),
    );
    expect(failure).toMatchObject({ message: expect.stringContaining('more than 3 members') });
    expect(found).toHaveLength(2);
  });

  it('leaves out a member that is listed but not there', async () => {
    lab.bmc.misbehave({ deadSubscription: 404 });
    lab.client.learn(`expand ${SUBSCRIPTIONS}`, 'no');
    expect(await all()).toEqual(destinations);
  });

  it('ends where the last page links to a known one', async () => {
    lab.bmc.change(SUBSCRIPTIONS, { 'Members@odata.nextLink': SUBSCRIPTIONS });
    expect(await all()).toEqual(destinations);
  });

  it('fails for pages without members that have no end', async () => {
    let pages = 0;
    const endless = createServer((_request, response) => {
      pages += 1;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ Members: [], 'Members@odata.nextLink': `/c?$skip=${pages}` }));
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as AddressInfo;
    const client = lab.clients.client(`http://127.0.0.1:${port}`);
    const failure = { code: 'response', message: expect.stringContaining('have no members, and no end') };
    expect(await failureOf(client.members('/c'))).toMatchObject(failure);
    expect(await failureOf(client.page('/c'))).toMatchObject(failure);
    expect(pages).toBeLessThan(30);
    endless.closeAllConnections();
    await new Promise((resolve) => endless.close(resolve));
  });

  it('fails for pages with members that have no end', async () => {
    let pages = 0;
    const endless = createServer((_request, response) => {
      pages += 1;
      response.setHeader('Content-Type', 'application/json');
      const Members = [{ '@odata.id': `/c/${pages}`, Id: String(pages) }];
      response.end(JSON.stringify({ Members, 'Members@odata.nextLink': `/c?$skip=${pages}` }));
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as AddressInfo;
    await lab.reopen({ maxPages: 20 });
    const client = lab.clients.client(`http://127.0.0.1:${port}`);
    const reads = [
      async () => client.members('/c'),
      async () => {
        for await (const member of client.each('/c', { most: Infinity })) expect(member).toBeDefined();
      },
    ];
    for (const read of reads) {
      pages = 0;
      expect(await failureOf(read())).toMatchObject({
        code: 'response',
        message: expect.stringContaining('has more than 20 pages'),
      });
      expect(pages).toBeLessThan(25);
    }
    endless.closeAllConnections();
    await new Promise((resolve) => endless.close(resolve));
  });

  it('fails for pages that form a loop, and for more members than allowed', async () => {
    lab.bmc.change(SUBSCRIPTIONS, { 'Members@odata.nextLink': SUBSCRIPTIONS, 'Members@odata.count': 6 });
    expect(await failureOf(all())).toMatchObject({ message: expect.stringContaining('form a loop') });
    await lab.reopen({ maxMembers: 2 });
    expect(await failureOf(all())).toMatchObject({ message: expect.stringContaining('more than 2 members') });
  });
});
