import { type BmcServer, type CreateAnswer, startBmc } from '@ferrule/bmc-simulator';
import { Bench, failureOf, NODE } from '../../test/bench.js';

const WANTED = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };
const COLLECTION = '/redfish/v1/EventService/Subscriptions';

let bmc: BmcServer;
let bench: Bench;

async function start(options: Parameters<typeof startBmc>[0] = {}): Promise<void> {
  bmc = await startBmc(options);
  bench = new Bench(bmc);
}

afterEach(async () => {
  await bench.close();
  await bmc.close();
});

const writes = () => bmc.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('Session'));
const create = (more = {}) => bench.ask('create_subscription', { ...WANTED, ...more });

describe('create_subscription', () => {
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
    await start();
    await create({ Context: 'another' });
    bmc.misbehave({ createAnswer });
    const made = await create();
    expect(made).toMatchObject(WANTED);
    expect(bmc.subscriptions.map(({ Id }) => Id)).toContain(made['Id']);
    expect(bmc.subscriptions).toHaveLength(2);
  });

  it.each([
    { final: 'CompletedWithErrors' },
    { vanishes: true },
    { told: 'body' },
    { told: 'location' },
  ] as const)('follows a task that goes like %j', async (taskSteps) => {
    await start({ misbehave: { createAnswer: '202-task', taskSteps } });
    expect(await create()).toMatchObject(WANTED);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('reports how a task failed, and leaves no subscription behind', async () => {
    await start({ misbehave: { createAnswer: '202-task', taskSteps: { final: 'Exception' } } });
    const failure = await failureOf(create());
    expect(failure).toMatchObject({ code: 'RedfishError', status: 500, failure: 'refused' });
    expect(failure.message).toContain('ended before its work was done');
    expect(bmc.subscriptions).toEqual([]);
  });

  it('does not follow a task to another host', async () => {
    const taskSteps = { foreignLocation: true, told: 'location' } as const;
    await start({ misbehave: { createAnswer: '202-task', taskSteps } });
    expect((await failureOf(create())).message).toContain('https://192.0.2.17');
  });

  it.each(['before-effect', 'after-effect'] as const)(
    'makes one although the connection breaks %s',
    async (when) => {
      await start({ misbehave: { resetOnce: { when, method: 'POST', path: COLLECTION, times: 1 } } });
      expect(await create()).toMatchObject(WANTED);
      expect(bmc.subscriptions).toHaveLength(1);
    },
  );

  it('returns an existing subscription only for the same Destination and Context', async () => {
    await start();
    const made = await create();
    bmc.forget();
    expect(await create()).toEqual(made);
    expect(writes()).toEqual([]);
    const other = await create({ Context: 'other' });
    expect(other['Id']).not.toBe(made['Id']);
  });

  it('recognises its Destination in the BMC’s own spelling', async () => {
    await start();
    const made = await create({ Destination: 'https://EVENTS.example' });
    bmc.change(`${COLLECTION}/${String(made['Id'])}`, { Destination: 'https://events.example/' });
    expect((await create({ Destination: 'https://EVENTS.example' }))['Id']).toBe(made['Id']);
  });

  it('leaves out a property that a BMC refuses, and does not send it again', async () => {
    await start({ misbehave: { refuseEventTypes: true } });
    expect(await create()).toMatchObject(WANTED);
    expect(writes()).toHaveLength(2);
    bmc.forget();
    await create({ Context: 'other' });
    expect(writes()).toHaveLength(1);
  });

  it('does not subscribe without the headers that were asked for', async () => {
    await start({ misbehave: { refuseProperties: ['HttpHeaders'] } });
    const failure = await failureOf(create({ HttpHeaders: [{ Authorization: 'Bearer planted' }] }));
    expect(failure).toMatchObject({ code: 'RedfishError', status: 500 });
    expect(failure.message).toContain('HttpHeaders');
    expect(failure.message).not.toContain('planted');
    expect(bmc.subscriptions).toEqual([]);
  });

  it.each(['ResourceAlreadyExists', 'PropertyValueModified'] as const)(
    'reports a refusal with %s',
    async (told) => {
      await start({ misbehave: { duplicateRefused: told } });
      await create();
      const failure = await failureOf(create({ Context: 'other' }));
      expect(failure).toMatchObject({ code: 'RedfishError', status: 500 });
      expect(failure.message).toContain('answered 400');
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

  it('leaves EventTypes out where the BMC has none', async () => {
    await start({ profile: 'openbmc' });
    expect(await create({ EventTypes: ['Alert'] })).toMatchObject(WANTED);
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
