import { type BmcServer, type Misbehaviours, startBmc } from '@ferrule/driver-testing';
import { clientOf, failureOf, quickClients } from '../bmc.spec-support.js';
import type { RedfishClient, RedfishClients } from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';

describe('a conditional write', () => {
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

  const patches = (): (string | undefined)[] =>
    bmc.requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers['if-match']);

  it.each<[string, Misbehaviours, number, string | undefined]>([
    ['that wants If-Match', { etag: 'requires' }, 1, undefined],
    ['with weak ETags', { etag: 'weak' }, 1, undefined],
    ['that refuses its own weak ETags', { etag: 'weak-refused' }, 3, 'strong'],
    ['that quotes twice', { etag: 'doubly-quoted' }, 3, 'strong'],
    ['with ETags in the body only', { etag: 'body-only' }, 1, undefined],
    ['with ETags in the header only', { etag: 'header-only' }, 1, undefined],
    ['that refuses If-Match altogether', { etag: 'refuses-any' }, 5, 'none'],
    ['without ETags', { etag: 'none' }, 1, undefined],
    ['whose ETag changed meanwhile', { etagChanges: 1 }, 2, undefined],
  ])('reaches a BMC %s', async (_what, switches, most, learned) => {
    bmc.misbehave(switches);
    await client.patch(SYSTEM, { Name: 'first' });
    expect(bmc.resource(SYSTEM)).toMatchObject({ Name: 'first' });
    expect(patches().length).toBeLessThanOrEqual(most);
    expect(client.learned('etag')).toBe(learned);
    bmc.forget();
    await client.patch(SYSTEM, { Name: 'second' });
    expect(bmc.resource(SYSTEM)).toMatchObject({ Name: 'second' });
    expect(patches()).toHaveLength(1);
  });

  it('sends just the If-Match it is given, or none', async () => {
    await client.request({ method: 'PATCH', path: SYSTEM, body: { Name: 'a' }, ifMatch: false });
    const wrong = client.request({ method: 'PATCH', path: SYSTEM, body: { Name: 'b' }, ifMatch: '"old"' });
    expect(await failureOf(wrong)).toMatchObject({ code: 'precondition', status: 412 });
    expect(patches()).toEqual([undefined, '"old"']);
  });

  it('never sends If-Match with a POST', async () => {
    bmc.misbehave({ ifMatchRefusedOnPost: true });
    const body = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: '' };
    expect((await client.post(SUBSCRIPTIONS, body)).status).toBe(201);
  });

  it('is counted as a call: nothing of it runs on when it is aborted', async () => {
    bmc.misbehave({ neverAnswers: { method: 'PATCH' } });
    const controller = new AbortController();
    const failure = failureOf(client.patch(SYSTEM, { Name: 'x' }, { signal: controller.signal }));
    await bmc.waitFor(() => patches().length === 1);
    controller.abort(new Error('enough'));
    expect(await failure).toMatchObject({ message: 'enough' });
    await bmc.waitFor(({ inFlight }) => inFlight.current === 0);
    expect(patches()).toHaveLength(1);
  });
});
