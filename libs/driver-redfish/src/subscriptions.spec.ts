import { type BmcServer, type CreateAnswer, type DeleteAnswer, startBmc } from '@ferrule/driver-testing';
import { BadArguments, Bench, failureOf, NODE } from '../test/bench.js';

const WANTED = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };
const COLLECTION = '/redfish/v1/EventService/Subscriptions';

let bmc: BmcServer;
let bench: Bench;

async function start(options: Parameters<typeof startBmc>[0] = {}, env = {}): Promise<void> {
  bmc = await startBmc(options);
  bench = new Bench(bmc, { env });
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

  it('tells how a task failed, and leaves nothing behind', async () => {
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

  it.each(['before-effect', 'after-effect'] as const)('makes one when the line breaks %s', async (when) => {
    await start({ misbehave: { resetOnce: { when, method: 'POST', path: COLLECTION, times: 1 } } });
    expect(await create()).toMatchObject(WANTED);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('gives back the one that is there for the same Destination and Context, and only that', async () => {
    await start();
    const made = await create();
    bmc.forget();
    expect(await create()).toEqual(made);
    expect(writes()).toEqual([]);
    const other = await create({ Context: 'other' });
    expect(other['Id']).not.toBe(made['Id']);
  });

  it('knows its Destination in the BMC’s own spelling', async () => {
    await start();
    const made = await create({ Destination: 'https://EVENTS.example' });
    bmc.change(`${COLLECTION}/${String(made['Id'])}`, { Destination: 'https://events.example/' });
    expect((await create({ Destination: 'https://EVENTS.example' }))['Id']).toBe(made['Id']);
  });

  it('leaves out what a BMC refuses, and does so at once the next time', async () => {
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

  it.each(['ResourceAlreadyExists', 'PropertyValueModified'] as const)('tells of a %s', async (told) => {
    await start({ misbehave: { duplicateRefused: told } });
    await create();
    const failure = await failureOf(create({ Context: 'other' }));
    expect(failure).toMatchObject({ code: 'RedfishError', status: 500 });
    expect(failure.message).toContain('answered 400');
    expect(bmc.subscriptions).toHaveLength(1);
  });

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

  it('sends headers, and shows none', async () => {
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

  it.each([
    ['https://169.254.169.254/latest', {}],
    ['http://[fe80::1]/', {}],
    ['http://[::ffff:169.254.169.254]/', {}],
    ['https://10.0.0.1/', { FERRULE_EVENT_NETWORKS: '192.0.2.0/24' }],
  ])('refuses to send events to %s before any traffic', async (Destination, env) => {
    await start({}, env);
    expect(await failureOf(create({ Destination }))).toMatchObject({ status: 400 });
    expect(bmc.requests).toEqual([]);
  });

  it.each([
    [{ Destination: 'not a url' }, 'Destination not a url is not a valid URI'],
    [{ Destination: 'ftp://host/x' }, 'Destination ftp://host/x is not a valid URI'],
    [{ Destination: 'https://me:planted@host/' }, 'Destination https://***@host/ is not a valid URI'],
    [{ Context: 1 }, 'Context 1 is not a valid string'],
    [{ Protocol: 1 }, 'Protocol 1 is not a string'],
    [{ EventTypes: 'Alert' }, 'EventTypes Alert is not a valid value'],
    [{ HttpHeaders: { a: 'planted' } }, 'is not a list of headers'],
    [{ HttpHeaders: [{ 'a b': 'x' }] }, 'is not a list of headers'],
    [{ HttpHeaders: [{ a: 'x\r\ny' }] }, 'is not a list of headers'],
  ])('refuses %j', async (wrong, text) => {
    await start();
    const failure = await failureOf(create(wrong));
    expect(failure).toBeInstanceOf(BadArguments);
    expect(failure.message).toContain(text);
    expect(failure.message).not.toContain('planted');
    expect(bmc.requests).toEqual([]);
  });

  it('lets surplus arguments pass, as Ironic does', async () => {
    await start();
    expect(await create({ Surplus: 1 })).toMatchObject(WANTED);
    expect(bmc.subscriptions[0]).not.toHaveProperty('Surplus');
  });
});

describe('slots', () => {
  it('are filled by PATCH, cleared, and used again', async () => {
    await start({ misbehave: { slots: 2, slotsPatchOnly: true } });
    const one = await create();
    expect(await create({ Context: 'two' })).toMatchObject({ Context: 'two' });
    expect(await failureOf(create({ Context: 'three' }))).toMatchObject({ code: 'RedfishError' });
    await bench.call('delete_subscription', { id: String(one['Id']) });
    expect((await create({ Context: 'three' }))['Id']).toBe(one['Id']);
    expect(bmc.subscriptions.map(({ Context }) => Context)).toEqual(['three', 'two']);
  });

  it('that nobody uses are no subscriptions', async () => {
    await start({ profile: 'supermicro-x13' });
    for (const method of ['get_subscription', 'delete_subscription']) {
      expect(await failureOf(bench.call(method, { id: '3' }))).toMatchObject({ status: 404 });
    }
    expect(await bench.ask('get_all_subscriptions', { expand: true })).toMatchObject({ Members: [] });
  });
});

describe('delete_subscription', () => {
  const answers: [DeleteAnswer, number | undefined][] = [
    ['204', undefined],
    ['200', undefined],
    ['202-task', undefined],
    ['500-but-done', undefined],
    ['403', 500],
    ['500', 500],
    ['404-but-there', 500],
  ];
  it.each(answers)('%s', async (deleteAnswer, status) => {
    await start();
    const { Id } = await create();
    bmc.misbehave({ deleteAnswer });
    const deletion = bench.call('delete_subscription', { id: Id as string });
    if (status === undefined) expect(await deletion).toBeNull();
    else expect(await failureOf(deletion)).toMatchObject({ status, code: 'RedfishError' });
    expect(bmc.subscriptions).toHaveLength(status === undefined ? 0 : 1);
  });

  it.each(['after-effect', 'before-effect'] as const)('deletes when the line breaks %s', async (when) => {
    await start();
    const { Id } = await create();
    bmc.misbehave({ resetOnce: { when, method: 'DELETE', path: COLLECTION, times: 1 } });
    expect(await bench.call('delete_subscription', { id: Id as string })).toBeNull();
    expect(bmc.subscriptions).toEqual([]);
  });
});

describe('an id', () => {
  it.each(['', '.', '..', '../../Systems/1', 'a/b', 'a\\b', 'a\nb', '%2e%2e', '1?x=y', '1#x'])(
    '%j is refused',
    async (id) => {
      await start();
      for (const method of ['get_subscription', 'delete_subscription']) {
        expect(await failureOf(bench.call(method, { id }))).toBeInstanceOf(BadArguments);
      }
      expect(bmc.requests).toEqual([]);
    },
  );

  it.each(['no such', 'Members', '1 ', '@odata.id', 'é'])('%j is no way out', async (id) => {
    await start();
    await create();
    for (const method of ['get_subscription', 'delete_subscription']) {
      expect(await failureOf(bench.call(method, { id }))).toMatchObject({ status: 404 });
    }
    expect(bmc.subscriptions).toHaveLength(1);
  });
});

describe('a collection of several pages', () => {
  beforeEach(async () => {
    await start({ misbehave: { pageSize: 2 } });
    for (const Context of ['a', 'b', 'c', 'd', 'e']) await create({ Context });
  });

  it('is read whole', async () => {
    const { Members } = await bench.ask('get_all_subscriptions');
    expect(Members).toHaveLength(5);
    expect(await bench.ask('get_all_subscriptions', { expand: true })).toMatchObject({
      'Members@odata.count': 5,
      Members: ['a', 'b', 'c', 'd', 'e'].map((Context) => ({ Context })),
    });
  });

  it('hides nothing on its last page', async () => {
    const { Id } = await create({ Context: 'e' });
    expect(await bench.ask('get_subscription', { id: Id as string })).toMatchObject({ Context: 'e' });
    await bench.call('delete_subscription', { id: Id as string });
    expect(bmc.subscriptions).toHaveLength(4);
  });
});
