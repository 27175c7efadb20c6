import { BadArguments, failureOf, NODE } from '../../test/bench.js';
import { bmc, start } from '../../test/started.js';
import { create, WANTED, writes } from './subscription.spec-support.js';

const CHOICES = [
  { RegistryPrefixes: ['ResourceEvent'] },
  { ResourceTypes: ['Chassis', 'Systems'] },
  { MessageIds: ['ResourceEvent.ResourceChanged'] },
];
const SETTINGS = { DeliveryRetryPolicy: 'RetryForever', VerifyCertificate: true };

describe('create_subscription of redfish-extended', () => {
  it.each([...CHOICES, SETTINGS])('sends %j and returns it', async (more) => {
    await start();
    expect(await create(more)).toMatchObject({ ...WANTED, ...more });
    expect(writes()).toMatchObject([{ method: 'POST', body: { ...WANTED, ...more } }]);
    expect(bmc.subscriptions).toMatchObject([{ ...WANTED, ...more }]);
  });

  it.each(CHOICES)('sends no other choice of events than %j', async (more) => {
    await start();
    await create(more);
    const filters = ['EventTypes', 'RegistryPrefixes', 'ResourceTypes', 'MessageIds'];
    const sent = Object.keys(writes()[0]?.body as object).filter((name) => filters.includes(name));
    expect(sent).toEqual(Object.keys(more));
  });

  it.each(CHOICES)('returns the existing subscription with %j, and makes another without', async (more) => {
    await start();
    const plain = await create({ EventTypes: ['Alert'] });
    const made = await create(more);
    bmc.forget();
    const [[name = '', values = []] = []] = Object.entries(more);
    expect(await create({ [name]: [...values].reverse() })).toEqual(made);
    expect(writes()).toEqual([]);
    expect(made['Id']).not.toBe(plain['Id']);
    await create({ [name]: ['Other'] });
    expect(bmc.subscriptions).toHaveLength(3);
  });

  it('gives the existing subscription another policy', async () => {
    await start();
    const made = await create(SETTINGS);
    bmc.forget();
    expect(await create(SETTINGS)).toEqual(made);
    expect(writes()).toEqual([]);
    const other = { ...SETTINGS, DeliveryRetryPolicy: 'SuspendRetries' };
    expect(await create(other)).toEqual({ ...made, ...other });
    expect(writes()).toMatchObject([{ method: 'PATCH', body: { DeliveryRetryPolicy: 'SuspendRetries' } }]);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('makes another one with the policy where a BMC cannot change it', async () => {
    await start({ misbehave: { subscriptionsReadOnly: true } });
    const made = await create();
    const other = await create({ VerifyCertificate: false });
    expect(other['Id']).not.toBe(made['Id']);
    expect(bmc.subscriptions).toMatchObject([WANTED, { ...WANTED, VerifyCertificate: false }]);
  });

  it.each([...CHOICES, SETTINGS].flatMap((more) => Object.entries(more)))(
    'never leaves out %s: what the BMC refuses is 400, and an unknown property is learned',
    async (name, value) => {
      await start({ misbehave: { refuseProperties: [name] } });
      const failure = await failureOf(create({ [name]: value }));
      expect(failure).toMatchObject({ code: 'InvalidParameterValue', status: 400 });
      expect(failure.message).toContain(`The BMC of node ${NODE} refuses ${name}. POST ${bmc.address}`);
      expect(failure.message).toContain(`The property ${name} is unknown to this resource.`);
      expect((await failureOf(create({ [name]: value }))).message).toContain('does not know this property');
      expect(writes()).toHaveLength(1);
      expect(bmc.subscriptions).toEqual([]);
      expect(await create()).toMatchObject(WANTED);
    },
  );

  it('sends a policy to a BMC that is known to refuse it, which says so', async () => {
    await start({ profile: 'hpe-ilo6' });
    const failure = await failureOf(create({ DeliveryRetryPolicy: 'RetryForever' }));
    expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('DeliveryRetryPolicy') });
    expect(bmc.subscriptions).toEqual([]);
  });

  it('learns nothing from a value that the BMC refuses', async () => {
    await start({ profile: 'openbmc' });
    for (const posts of [1, 2]) {
      const failure = await failureOf(create({ RegistryPrefixes: ['NoSuchRegistry'] }));
      expect(failure).toMatchObject({ status: 400, message: expect.stringContaining('NoSuchRegistry') });
      expect(writes()).toHaveLength(posts);
    }
  });

  it('tells that the BMC stored something else', async () => {
    const subscriptionStores = { DeliveryRetryPolicy: 'TerminateAfterRetries', MessageIds: [] };
    await start({ misbehave: { subscriptionStores } });
    expect(await create({ ...SETTINGS, MessageIds: ['Base.Success'] })).toMatchObject({
      DeliveryRetryPolicy: 'TerminateAfterRetries',
      Warnings: [
        'The BMC shows another MessageIds than was asked for.',
        'The BMC shows another DeliveryRetryPolicy than was asked for.',
      ],
    });
  });

  it.each([
    [{ RegistryPrefixes: 'Base' }, 'RegistryPrefixes Base is not a list of strings'],
    [{ ResourceTypes: [1] }, 'expected string'],
    [{ MessageIds: {} }, 'is not a list of strings'],
    [{ DeliveryRetryPolicy: 'Never' }, 'DeliveryRetryPolicy Never is not a valid value: it may be Terminate'],
    [{ DeliveryRetryPolicy: 1 }, 'DeliveryRetryPolicy 1 is not a string'],
    [{ VerifyCertificate: 'perhaps' }, 'it may be true or false'],
    [{ EventTypse: ['Alert'] }, 'Unrecognized key: "EventTypse"'],
  ])('refuses %j before any traffic', async (wrong, text) => {
    await start();
    const failure = await failureOf(create(wrong));
    expect(failure).toBeInstanceOf(BadArguments);
    expect(failure.message).toContain(text);
    expect(bmc.requests).toEqual([]);
  });
});
