import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { type CreateAnswer, type DeleteAnswer } from '../misbehaviours/subscription-faults.js';
import { textOf } from '../tree/json.js';
import { FOREIGN_ORIGIN } from '../tree/paths.js';
import { type ProfileName } from '../profiles/index.js';
import { call, type Reply, subscriptionFor } from '../client.spec-support.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';

describe('subscriptions', () => {
  let bmc: BmcServer;
  const start = async (profile: ProfileName): Promise<void> => {
    bmc = await startBmc({ profile });
  };
  const post = (body = subscriptionFor(bmc)): Promise<Reply> => call(bmc, 'POST', SUBSCRIPTIONS, { body });
  afterEach(() => bmc.close());

  const answers: [CreateAnswer, number, string | undefined, boolean][] = [
    ['201-location', 201, `${SUBSCRIPTIONS}/1`, true],
    ['201-body', 201, undefined, true],
    ['201-bare', 201, undefined, false],
    ['200', 200, undefined, true],
    ['200-empty', 200, undefined, false],
    ['204', 204, undefined, false],
    ['204-location', 204, `${SUBSCRIPTIONS}/1`, false],
    ['absolute-location-foreign', 201, `${FOREIGN_ORIGIN}${SUBSCRIPTIONS}/1`, false],
    ['location-404', 201, `${SUBSCRIPTIONS}/gone`, false],
  ];
  it.each(answers)('createAnswer %s', async (createAnswer, status, location, hasBody) => {
    await start('generic');
    bmc.misbehave({ createAnswer });
    const reply = await post();
    expect(reply.status).toBe(status);
    expect(reply.headers['location']).toBe(location);
    expect(reply.body['Id']).toBe(hasBody ? '1' : undefined);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('createAnswer absolute-location names this BMC', async () => {
    await start('generic');
    bmc.misbehave({ createAnswer: 'absolute-location' });
    expect((await post()).headers['location']).toBe(`${bmc.address}${SUBSCRIPTIONS}/1`);
  });

  it('createAnswer 202-task makes it when the task ends', async () => {
    await start('generic');
    bmc.misbehave({ createAnswer: '202-task', taskSteps: { polls: 1 } });
    const accepted = await post();
    expect([accepted.status, bmc.subscriptions.length]).toEqual([202, 0]);
    const monitor = String(accepted.headers['location']);
    expect((await call(bmc, 'GET', monitor)).status).toBe(202);
    const done = await call(bmc, 'GET', monitor);
    expect([done.status, done.headers['location'], bmc.subscriptions.length]).toEqual([
      201,
      `${SUBSCRIPTIONS}/1`,
      1,
    ]);
  });

  const deletions: [DeleteAnswer, number, number][] = [
    ['204', 204, 0],
    ['200', 200, 0],
    ['403', 403, 1],
    ['404-but-there', 404, 1],
    ['405', 405, 1],
    ['500', 500, 1],
    ['500-but-done', 500, 0],
    ['202-task', 202, 1],
  ];
  it.each(deletions)('deleteAnswer %s', async (deleteAnswer, status, left) => {
    await start('generic');
    await post();
    bmc.misbehave({ deleteAnswer });
    expect((await call(bmc, 'DELETE', `${SUBSCRIPTIONS}/1`)).status).toBe(status);
    expect(bmc.subscriptions).toHaveLength(left);
  });

  it('OpenBMC refuses EventTypes with a message beside the property', async () => {
    await start('openbmc');
    const reply = await post({ ...subscriptionFor(bmc), EventTypes: ['Alert'] });
    expect(reply).toMatchObject({
      status: 400,
      body: { 'EventTypes@Message.ExtendedInfo': [{ MessageId: 'Base.1.16.0.PropertyUnknown' }] },
    });
    expect(reply.body['error']).toBeUndefined();
    expect(bmc.subscriptions).toEqual([]);
  });

  it.each(['Protocol', 'Context', 'EventTypes'])('Dell requires %s', async (name) => {
    await start('dell-idrac9');
    const reply = await post({ ...subscriptionFor(bmc), [name]: undefined });
    const info = { MessageId: 'Base.1.12.PropertyMissing', RelatedProperties: [`#/${name}`] };
    expect(reply).toMatchObject({ status: 400, body: { error: { '@Message.ExtendedInfo': [info] } } });
  });

  it('Dell refuses a second one of a Destination, and values it does not publish', async () => {
    await start('dell-idrac9');
    await post();
    expect((await post()).raw.toString()).toContain('PropertyValueModified');
    const other = { ...subscriptionFor(bmc, 'https://192.0.2.2/'), EventTypes: ['StatusChange'] };
    expect((await post(other)).raw.toString()).toContain('PropertyValueNotInList');
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('Lenovo lists the properties of a POST and refuses others', async () => {
    await start('lenovo-xcc');
    const capabilities = await call(bmc, 'GET', `${SUBSCRIPTIONS}/Capabilities`);
    expect(capabilities.body).toMatchObject({ 'Protocol@Redfish.RequiredOnCreate': true });
    expect((await post({ ...subscriptionFor(bmc), EventTypes: ['Alert'] })).raw.toString()).toContain(
      'PropertyUnknown',
    );
    expect((await post()).status).toBe(201);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('iLO 5 requires EventTypes, iLO 6 RegistryPrefixes; both send terse errors', async () => {
    await start('hpe-ilo5');
    const five = await post({ ...subscriptionFor(bmc), EventTypes: undefined });
    expect(five.body).toEqual({
      error: {
        code: 'iLO.0.10.ExtendedInfo',
        message: 'See @Message.ExtendedInfo for more information.',
        '@Message.ExtendedInfo': [{ MessageId: 'Base.1.4.PropertyMissing', MessageArgs: ['EventTypes'] }],
      },
    });
    await bmc.close();
    await start('hpe-ilo6');
    expect((await post({ ...subscriptionFor(bmc), RegistryPrefixes: undefined })).status).toBe(400);
    const retries = await post({ ...subscriptionFor(bmc), DeliveryRetryPolicy: 'RetryForever' });
    expect(retries.raw.toString()).toContain('PropertyNotWritableOrUnknown');
  });

  it.each(['supermicro-x10', 'supermicro-x13'] as const)(
    '%s has sixteen slots that stay',
    async (profile) => {
      await start(profile);
      const before = await call(bmc, 'GET', SUBSCRIPTIONS);
      expect(before.body['Members@odata.count']).toBe(16);
      expect((await post()).headers['location']).toBe(`${SUBSCRIPTIONS}/1`);
      const patch = await call(bmc, 'PATCH', `${SUBSCRIPTIONS}/3`, {
        body: { Destination: 'https://192.0.2.3/' },
      });
      expect(patch.status).toBe(200);
      expect(bmc.subscriptions.map(({ Id }) => Id)).toEqual(['1', '3']);
      expect((await call(bmc, 'DELETE', `${SUBSCRIPTIONS}/1`)).status).toBe(204);
      const cleared = await call(bmc, 'GET', `${SUBSCRIPTIONS}/1`);
      expect(cleared.body).toMatchObject({ Destination: '0.0.0.0', Context: null });
      expect((await call(bmc, 'GET', SUBSCRIPTIONS)).body['Members@odata.count']).toBe(16);
    },
  );

  it('slots, slotsPatchOnly and subscriptionLimit', async () => {
    await start('generic');
    bmc.misbehave({ slots: 2 });
    expect((await call(bmc, 'GET', SUBSCRIPTIONS)).body['Members@odata.count']).toBe(2);
    await post();
    await post();
    expect((await post()).status).toBe(503);
    bmc.misbehave({ slotsPatchOnly: true });
    expect((await post()).status).toBe(405);
    bmc.misbehave({ slots: undefined, slotsPatchOnly: undefined, subscriptionLimit: 2 });
    expect((await post()).raw.toString()).toContain('EventSubscriptionLimitExceeded');
  });

  it('refuseEventTypes, refuseProperties and duplicateRefused', async () => {
    await start('generic');
    bmc.misbehave({ refuseEventTypes: true, refuseProperties: ['HttpHeaders'] });
    expect((await post({ ...subscriptionFor(bmc), EventTypes: ['Alert'] })).status).toBe(400);
    expect((await post({ ...subscriptionFor(bmc), HttpHeaders: [] })).status).toBe(400);
    expect((await post()).status).toBe(201);
    expect((await post()).status).toBe(201);
    bmc.misbehave({ refuseEventTypes: 'PropertyValueNotInList' });
    const refused = await post({ ...subscriptionFor(bmc), EventTypes: ['Alert'] });
    expect(refused.raw.toString()).toContain('PropertyValueNotInList');
    bmc.misbehave({ duplicateRefused: true });
    expect((await post()).raw.toString()).toContain('ResourceAlreadyExists');
  });

  it('subscriptionsReadOnly, destinationMangled and subscriptionDisabled', async () => {
    await start('generic');
    bmc.misbehave({ subscriptionsReadOnly: true, destinationMangled: true, subscriptionDisabled: true });
    const { body } = await post(subscriptionFor(bmc, 'https://192.0.2.1:8443/events?to=me'));
    expect(body).toMatchObject({ Destination: 'https://192.0.2.1:8443', Status: { State: 'Disabled' } });
    const change = await call(bmc, 'PATCH', `${SUBSCRIPTIONS}/1`, { body: { Context: 'other' } });
    expect([change.status, change.headers['allow']]).toEqual([405, 'GET, HEAD, DELETE']);
  });

  it.each([
    [true, ''],
    ['with-address', '127.0.0.1'],
  ] as const)('sseSubscription %s lists a stream', async (sseSubscription, Destination) => {
    await start('generic');
    bmc.misbehave({ sseSubscription });
    const { body } = await call(bmc, 'GET', SUBSCRIPTIONS);
    expect(body['Members']).toEqual([{ '@odata.id': `${SUBSCRIPTIONS}/SSE-1` }]);
    const stream = await call(bmc, 'GET', `${SUBSCRIPTIONS}/SSE-1`);
    expect(stream.body).toMatchObject({ Destination, SubscriptionType: 'SSE' });
  });

  it.each([403, 404, 500] as const)('deadSubscription %i', async (deadSubscription) => {
    await start('generic');
    bmc.misbehave({ deadSubscription });
    expect((await call(bmc, 'GET', SUBSCRIPTIONS)).body['Members@odata.count']).toBe(1);
    expect((await call(bmc, 'GET', `${SUBSCRIPTIONS}/Dead`)).status).toBe(deadSubscription);
  });

  it('expandsUnasked', async () => {
    await start('generic');
    await post();
    bmc.misbehave({ expandsUnasked: true });
    expect((await call(bmc, 'GET', SUBSCRIPTIONS)).body['Members']).toMatchObject([{ Context: 'ferrule' }]);
  });

  it('noEventService and eventServiceDisabled', async () => {
    await start('generic');
    bmc.misbehave({ eventServiceDisabled: true });
    expect((await call(bmc, 'GET', '/redfish/v1/EventService')).body['ServiceEnabled']).toBe(false);
    expect((await post()).status).toBe(503);
    bmc.misbehave({ noEventService: true });
    expect((await call(bmc, 'GET', '/redfish/v1/')).body['EventService']).toBeUndefined();
    expect((await post()).status).toBe(404);
  });

  it('pageSize spreads the members over pages', async () => {
    await start('generic');
    for (const host of ['1', '2', '3']) {
      await post(subscriptionFor(bmc, `https://192.0.2.${host}/`));
    }
    bmc.misbehave({ pageSize: 2 });
    const first = await call(bmc, 'GET', SUBSCRIPTIONS);
    expect(first.body).toMatchObject({ 'Members@odata.count': 3, Members: [{}, {}] });
    const second = await call(bmc, 'GET', textOf(first.body['Members@odata.nextLink']));
    expect(second.body['Members']).toEqual([{ '@odata.id': `${SUBSCRIPTIONS}/3` }]);
    expect(second.body['Members@odata.nextLink']).toBeUndefined();
  });

  it('expands members only where the root says so', async () => {
    await start('generic');
    await post();
    const expanded = await call(bmc, 'GET', `${SUBSCRIPTIONS}?$expand=.($levels=1)`);
    expect(expanded.body['Members']).toMatchObject([{ Context: 'ferrule' }]);
    await bmc.close();
    await start('openbmc');
    expect((await call(bmc, 'GET', `${SUBSCRIPTIONS}?$expand=.`)).status).toBe(501);
  });

  it('returns header values only when switched on', async () => {
    await start('openbmc');
    const body = { ...subscriptionFor(bmc), HttpHeaders: [{ Authorization: 'planted' }] };
    const quiet = await post(body);
    bmc.misbehave({ echoesHttpHeaders: true });
    const loud = await post(body);
    expect([quiet.raw.includes('planted'), loud.raw.includes('planted')]).toEqual([false, true]);
  });
});
