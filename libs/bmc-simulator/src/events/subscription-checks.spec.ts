import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { type Json } from '../tree/json.js';
import { type ProfileName } from '../profiles/index.js';
import { call, type Reply, subscriptionFor } from '../client.spec-support.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';

describe('the properties of subscriptions', () => {
  let bmc: BmcServer;
  const start = async (profile: ProfileName): Promise<void> => {
    bmc = await startBmc({ profile });
  };
  const post = (body = subscriptionFor(bmc)): Promise<Reply> => call(bmc, 'POST', SUBSCRIPTIONS, { body });
  afterEach(() => bmc.close());

  it.each([
    { Destination: 'no uri' },
    { Destination: 'https://user@host/' },
    { Context: 'x'.repeat(257) },
    { Protocol: 'FTP' },
    { Protocol: null },
    { EventTypes: ['Fire'] },
    { EventTypes: 'Alert' },
    { RegistryPrefixes: [1] },
    { ResourceTypes: 'Chassis' },
    { MessageIds: {} },
    { DeliveryRetryPolicy: 'Never' },
    { DeliveryRetryPolicy: true },
    { VerifyCertificate: 'true' },
    { HttpHeaders: { a: 'b' } },
    { SubscriptionType: 'Mail' },
    { Surplus: 1 },
  ])('refuses %j, naming the property', async (wrong) => {
    await start('generic');
    const { status, body } = await post({ ...subscriptionFor(bmc), ...wrong });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(Object.keys(wrong)[0]);
    expect(bmc.subscriptions).toEqual([]);
  });

  it.each([{ Id: '7' }, { Name: 'mine' }, { Status: { State: 'Enabled' } }])(
    'does not let %j be written',
    async (readOnly) => {
      await start('generic');
      const { status, body } = await post({ ...subscriptionFor(bmc), ...readOnly });
      expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('PropertyNotWritable')]);
    },
  );

  it('changes only what the standard lets be changed, to values that it has', async () => {
    await start('generic');
    await post();
    const patch = (body: Record<string, Json>) => call(bmc, 'PATCH', `${SUBSCRIPTIONS}/1`, { body });
    const changes = { DeliveryRetryPolicy: 'RetryForever', VerifyCertificate: true, Context: 'new' };
    expect((await patch(changes)).status).toBe(200);
    for (const wrong of [
      { DeliveryRetryPolicy: 'Never' },
      { VerifyCertificate: 1 },
      { Context: null },
      { Destination: 'https://192.0.2.9/' },
      { Surplus: 1 },
    ]) {
      expect([wrong, (await patch(wrong)).status]).toEqual([wrong, 400]);
    }
    expect(bmc.subscriptions).toMatchObject([changes]);
  });
});
