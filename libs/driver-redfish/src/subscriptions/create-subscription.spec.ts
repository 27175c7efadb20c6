import { failureOf, NODE } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';
import { COLLECTION, create, WANTED, writes } from './subscription.spec-support.js';

describe('create_subscription', () => {
  it.each([
    ['HttpHeaders', { HttpHeaders: [{ Authorization: 'Bearer planted' }] }],
    ['Context', {}],
    ['EventTypes', { EventTypes: ['Alert'] }],
    ['Protocol', { Protocol: 'OEM' }],
  ])('never leaves out %s that was asked for: what the BMC refuses is 400', async (name, more) => {
    await start({ misbehave: { refuseProperties: [name] } });
    const failure = await failureOf(create(more));
    expect(failure).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
    expect(failure.message).toContain(`The BMC of node ${NODE} refuses ${name}. POST ${bmc.address}`);
    expect(failure.message).toContain(`The property ${name} is unknown to this resource.`);
    expect(failure.message).not.toContain('planted');
    expect(writes()).toHaveLength(1);
    expect(bmc.subscriptions).toEqual([]);
  });

  it('learns that a BMC does not know EventTypes, and nothing from a refused value', async () => {
    await start({ misbehave: { refuseEventTypes: 'PropertyValueNotInList' } });
    const asked = { EventTypes: ['Alert'] };
    for (const posts of [1, 2]) {
      const failure = await failureOf(create(asked));
      expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('["Alert"]') });
      expect(writes()).toHaveLength(posts);
    }
    bmc.misbehave({ refuseEventTypes: true });
    bmc.forget();
    expect((await failureOf(create(asked))).message).toContain('is unknown to this resource');
    expect((await failureOf(create(asked))).message).toContain('does not know this property');
    expect(writes()).toHaveLength(1);
    expect(await create()).toMatchObject(WANTED);
    expect(Object.keys(writes()[1]?.body as object)).not.toContain('EventTypes');
  });

  it.each(['ResourceAlreadyExists', 'PropertyValueModified'] as const)(
    'reports a refusal with %s',
    async (told) => {
      await start({ misbehave: { duplicateRefused: told } });
      await create();
      const failure = await failureOf(create({ Context: 'other' }));
      expect(failure).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
      expect(failure.message).toContain('exists already');
      expect(bmc.subscriptions).toHaveLength(1);
    },
  );

  it('sends EventTypes as asked where the BMC has them, and refuses those that it has not', async () => {
    await start({ profile: 'dell-idrac9' });
    expect(await create({ EventTypes: ['MetricReport'] })).toMatchObject({ EventTypes: ['MetricReport'] });
    bmc.forget();
    const failure = await failureOf(create({ Context: 'other', EventTypes: ['StatusChange'] }));
    expect(failure).toMatchObject({
      status: 400,
      message: 'EventTypes StatusChange is not a valid value, allowed values Alert, MetricReport, Other',
    });
    expect(writes()).toEqual([]);
  });

  it.each(['generic', 'dell-idrac9', 'hpe-ilo5', 'supermicro-x10'] as const)(
    'chooses Alert for %s by default, as Ironic does',
    async (profile) => {
      await start({ profile });
      await create();
      expect(writes().map(({ body }) => (body as Record<string, unknown>)['EventTypes'])).toEqual([
        ['Alert'],
      ]);
    },
  );

  it('leaves EventTypes out where the BMC has none, unless they were asked for', async () => {
    await start({ profile: 'openbmc' });
    const failure = await failureOf(create({ EventTypes: ['Alert'] }));
    expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('EventTypes') });
    bmc.forget();
    expect(await create()).toMatchObject(WANTED);
    expect(writes().map(({ body }) => Object.keys(body as object))).toEqual([
      ['Destination', 'Protocol', 'Context', 'RegistryPrefixes', 'EventFormatType'],
    ]);
  });

  it('sends headers and does not return them', async () => {
    await start({ misbehave: { echoesHttpHeaders: true } });
    const made = await create({ HttpHeaders: [{ Authorization: 'Bearer planted' }] });
    expect(bmc.subscriptions[0]).toMatchObject({ HttpHeaders: [{ Authorization: 'Bearer planted' }] });
    const path = `${COLLECTION}/${String(made['Id'])}`;
    const seen = [
      made,
      await bench.ask('get_subscription', { id: made['Id'] as string }),
      await bench.ask('get_all_subscriptions'),
      await bench.ask('get_all_subscriptions', { expand: true }),
      await bench.ask('redfish_request', { path }),
    ];
    expect(JSON.stringify(seen)).not.toContain('planted');
  });

  it('tells that the BMC changed the Destination', async () => {
    await start({ misbehave: { destinationMangled: true } });
    const Destination = 'https://192.0.2.1:8443/events';
    expect(await create({ Destination })).toMatchObject({
      Destination: 'https://192.0.2.1:8443',
      Warnings: [`The BMC has changed the Destination from ${Destination}.`],
    });
  });

  it('tells that the BMC has disabled a subscription', async () => {
    await start({ misbehave: { subscriptionDisabled: true } });
    const made = await create();
    expect(made).toMatchObject({ Warnings: ['The BMC has disabled this subscription.'] });
    expect(await bench.ask('get_subscription', { id: made['Id'] as string })).toEqual(made);
    expect(await bench.ask('get_all_subscriptions', { expand: true })).toMatchObject({ Members: [made] });
  });

  it.each([true, 'with-address'] as const)(
    'leaves the stream of another client alone (%s)',
    async (sseSubscription) => {
      await start({ misbehave: { sseSubscription } });
      expect(await create()).toMatchObject(WANTED);
      expect(writes().map(({ method }) => method)).toEqual(['POST']);
      expect(await bench.ask('get_all_subscriptions', { expand: true })).toMatchObject({
        Members: [{ Id: 'SSE-1', Context: 'stream' }, WANTED],
      });
    },
  );

  it.each([403, 404, 500] as const)('works beside a member that answers %i', async (deadSubscription) => {
    await start({ misbehave: { deadSubscription } });
    const made = await create();
    expect(await create()).toEqual(made);
    expect(await bench.ask('get_all_subscriptions', { expand: true })).toMatchObject({
      Members: [made, ...(deadSubscription === 404 ? [] : [{ '@odata.id': `${COLLECTION}/Dead` }])],
    });
    expect(await bench.call('delete_subscription', { id: made['Id'] as string })).toBeNull();
  });

  it('says that the BMC has no event service, in Ironic’s words', async () => {
    await start({ misbehave: { noEventService: true } });
    expect(await failureOf(create())).toMatchObject({
      status: 500,
      message:
        'Redfish exception occurred. Error: The attribute EventService/@odata.id is missing from the resource /redfish/v1/',
    });
  });

  it('says so when the event service is switched off', async () => {
    await start({ misbehave: { eventServiceDisabled: true } });
    const failure = await failureOf(create());
    expect(failure.message).toContain(`node ${NODE}: the EventService is not enabled`);
  });
});
