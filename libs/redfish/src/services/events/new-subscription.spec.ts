import { type CreateAnswer, type Misbehaviours } from '@ferrule/bmc-simulator';
import { failureOf, useBmc } from '../../bmc.spec-support.js';
import { EventService, RedfishValidationError, refusedOf, type WantedSubscription } from '../../index.js';

const WANTED = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };
const COLLECTION = '/redfish/v1/EventService/Subscriptions';
const PATIENCE = { looks: 5, interval: 5 };

const lab = useBmc();
const create = async (more: Partial<WantedSubscription> = {}) =>
  (await new EventService(lab.client).subscribe({ ...WANTED, ...more }, { patience: PATIENCE })).body;
const writes = () =>
  lab.bmc.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('Session'));
const misbehave = (how: Misbehaviours) => lab.bmc.misbehave(how);

describe('a new subscription', () => {
  const answers: CreateAnswer[] = [
    '201-location',
    '201-body',
    '201-bare',
    '200',
    '200-empty',
    '202-task',
    '204',
    '204-location',
    'absolute-location',
    'absolute-location-foreign',
    'location-404',
  ];
  it.each(answers)('takes %s for a success and finds the new member', async (createAnswer) => {
    await create({ Context: 'another' });
    misbehave({ createAnswer });
    const made = await create();
    expect(made).toMatchObject(WANTED);
    expect(lab.bmc.subscriptions.map(({ Id }) => Id)).toContain(made['Id']);
    expect(lab.bmc.subscriptions).toHaveLength(2);
  });

  it.each([
    { final: 'CompletedWithErrors' },
    { vanishes: true },
    { told: 'body' },
    { told: 'location' },
  ] as const)('follows a task that goes like %j', async (taskSteps) => {
    misbehave({ createAnswer: '202-task', taskSteps });
    expect(await create()).toMatchObject(WANTED);
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it('reports how a task failed, and leaves no subscription behind', async () => {
    misbehave({ createAnswer: '202-task', taskSteps: { final: 'Exception' } });
    expect(await failureOf(create())).toMatchObject({
      code: 'service',
      message: expect.stringContaining('ended before its work was done'),
    });
    expect(lab.bmc.subscriptions).toEqual([]);
  });

  it('does not follow a task to another host', async () => {
    const taskSteps = { foreignLocation: true, told: 'location' } as const;
    misbehave({ createAnswer: '202-task', taskSteps });
    expect(await failureOf(create())).toMatchObject({
      code: 'foreign-link',
      message: expect.stringContaining('https://192.0.2.17'),
    });
  });

  it.each(['before-effect', 'after-effect'] as const)(
    'makes one although the connection breaks %s',
    async (when) => {
      misbehave({ resetOnce: { when, method: 'POST', path: COLLECTION, times: 1 } });
      expect(await create()).toMatchObject(WANTED);
      expect(lab.bmc.subscriptions).toHaveLength(1);
    },
  );

  it('recognises its Destination in the BMC’s own spelling', async () => {
    const made = await create({ Destination: 'https://EVENTS.example' });
    lab.bmc.change(`${COLLECTION}/${made['Id'] as string}`, { Destination: 'https://events.example/' });
    expect((await create({ Destination: 'https://EVENTS.example' }))['Id']).toBe(made['Id']);
  });

  it('leaves out a property that a BMC refuses, and does not send it again', async () => {
    misbehave({ refuseEventTypes: true });
    expect(await create()).toMatchObject(WANTED);
    expect(writes()).toHaveLength(2);
    lab.bmc.forget();
    await create({ Context: 'other' });
    expect(writes()).toHaveLength(1);
  });

  it('leaves out several properties that a BMC refuses one after the other', async () => {
    const refuseProperties = ['EventTypes', 'EventFormatType', 'SubscriptionType'];
    misbehave({ refuseProperties });
    lab.bmc.change('/redfish/v1/EventService', {
      EventFormatTypes: ['Event'],
      'SubscriptionType@Redfish.AllowableValues': ['RedfishEvent'],
    });
    expect(await create()).toMatchObject(WANTED);
    const sent = writes().map(({ body }) => Object.keys(body as object));
    expect(sent).toHaveLength(1 + refuseProperties.length);
    expect(refuseProperties.filter((name) => sent.at(-1)?.includes(name))).toEqual([]);
  });

  it.each([
    [{}, { EventTypes: ['Alert'] }],
    [{ EventTypesForSubscription: ['MetricReport', 'Other'] }, { EventTypes: ['MetricReport', 'Other'] }],
    [{ RegistryPrefixes: ['Base', 'Acme'] }, { RegistryPrefixes: ['Base', 'Acme'] }],
    [{ EventTypesForSubscription: [], ResourceTypes: ['Chassis'] }, { ResourceTypes: ['Chassis'] }],
    [{ EventTypesForSubscription: [] }, {}],
  ])('of a BMC with %j chooses by default %j', async (published, choice) => {
    lab.bmc.change('/redfish/v1/EventService', published);
    await create();
    const { Destination, Protocol, Context, ...chosen } = writes()[0]?.body as Record<string, unknown>;
    expect([Destination, Protocol, Context]).toEqual([WANTED.Destination, 'Redfish', 'ferrule']);
    expect(chosen).toEqual(choice);
  });

  it('never leaves out what was asked for', async () => {
    misbehave({ refuseProperties: ['MessageIds'] });
    const failure = await failureOf(create({ MessageIds: ['Base.Success'] }));
    expect(failure).toMatchObject({ code: 'validation', properties: ['MessageIds'] });
    expect(
      failure instanceof RedfishValidationError && refusedOf({ ...WANTED, MessageIds: ['x'] }, failure),
    ).toEqual(['MessageIds']);
    expect(lab.bmc.subscriptions).toEqual([]);
  });

  it('with EventTypes that the BMC does not have is refused before anything is sent', async () => {
    const failure = await failureOf(create({ EventTypes: ['Alert', 'Fire'] }));
    expect(failure).toMatchObject({
      code: 'argument',
      property: 'EventTypes',
      allowed: ['StatusChange', 'ResourceUpdated', 'ResourceAdded', 'ResourceRemoved', 'Alert'],
    });
    expect(writes()).toEqual([]);
  });

  it('is refused by a service that is switched off, which is the error', async () => {
    misbehave({ eventServiceDisabled: true });
    expect(await failureOf(create())).toMatchObject({
      code: 'disabled',
      service: 'EventService',
      status: 503,
      cause: { code: 'not-ready' },
    });
  });

  it('needs an EventService', async () => {
    misbehave({ noEventService: true });
    expect(await failureOf(create())).toMatchObject({
      code: 'missing',
      property: 'EventService',
      resource: '/redfish/v1/',
    });
  });
});
