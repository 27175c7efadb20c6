import { type BmcOptions, type DeleteAnswer } from '@ferrule/bmc-simulator';
import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start as begin } from '../../test/started.js';
import { RedfishVendor } from '../redfish.vendor.js';
import { CreateSubscriptionArgs } from './subscription.args.js';

const WANTED = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };
const COLLECTION = '/redfish/v1/EventService/Subscriptions';

const start = async (options: BmcOptions = {}, eventNetworks?: string[]): Promise<void> =>
  begin(options, { service: { eventNetworks } });

const create = (more = {}) => bench.ask('create_subscription', { ...WANTED, ...more });

describe('the arguments of create_subscription', () => {
  it.each([
    ['https://169.254.169.254/latest', undefined],
    ['http://[fe80::1]/', undefined],
    ['http://[::ffff:169.254.169.254]/', undefined],
    ['https://10.0.0.1/', ['192.0.2.0/24']],
  ])('refuses to send events to %s before any traffic', async (Destination, eventNetworks) => {
    await start({}, eventNetworks);
    expect(await failureOf(create({ Destination }))).toMatchObject({ status: 400 });
    expect(bmc.requests).toEqual([]);
  });

  it.each([
    [{ Destination: 'not a url' }, 'Destination not a url is not a valid URI'],
    [{ Destination: 'ftp://host/x' }, 'Destination ftp://host/x is not a valid URI'],
    [{ Destination: 'https://me:planted@host/' }, 'Destination https://***@host/ is not a valid URI'],
    [{ Context: 1 }, 'Context 1 is not a valid string'],
    [{ Protocol: 1 }, 'Protocol 1 is not a string'],
    [{ Protocol: 'SNMPv2c' }, 'Protocol SNMPv2c does not fit a Destination of http or https'],
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

  it('are sent to the BMC without unknown ones, which Ironic’s method accepts', async () => {
    await start();
    const vendor = new RedfishVendor(bench.pool);
    const args = CreateSubscriptionArgs.parse({ ...WANTED, Surplus: 1 });
    expect(await vendor.createSubscription(bench.task(new AbortController().signal), args)).toMatchObject(
      WANTED,
    );
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

  it('are cleared by PATCH where they cannot be deleted', async () => {
    await start({ profile: 'supermicro-x10', misbehave: { deleteAnswer: '405' } });
    const { Id } = await create();
    await create({ Context: 'other' });
    bmc.forget();
    expect(await bench.call('delete_subscription', { id: Id as string })).toBeNull();
    const written = bmc.requests.filter(({ method }) => method !== 'GET');
    expect(written.map(({ method, status }) => [method, status])).toEqual([
      ['DELETE', 405],
      ['PATCH', 200],
    ]);
    expect(bmc.subscriptions).toMatchObject([{ Context: 'other' }]);
    expect(await failureOf(bench.call('get_subscription', { id: Id as string }))).toMatchObject({
      status: 404,
    });
  });

  it('are cleared by PATCH if all of them are in use, too', async () => {
    await start({ profile: 'supermicro-x10', misbehave: { slots: 2, deleteAnswer: '405' } });
    const { Id } = await create();
    await create({ Context: 'other' });
    expect(bmc.subscriptions).toHaveLength(2);
    expect(await bench.call('delete_subscription', { id: Id as string })).toBeNull();
    expect(bmc.subscriptions).toMatchObject([{ Context: 'other' }]);
  });

  it('that are free are not listed as subscriptions', async () => {
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
    ['405', 500],
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

  it.each(['after-effect', 'before-effect'] as const)(
    'deletes although the connection breaks %s',
    async (when) => {
      await start();
      const { Id } = await create();
      bmc.misbehave({ resetOnce: { when, method: 'DELETE', path: COLLECTION, times: 1 } });
      expect(await bench.call('delete_subscription', { id: Id as string })).toBeNull();
      expect(bmc.subscriptions).toEqual([]);
    },
  );
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

  it.each(['no such', 'Members', '1 ', '@odata.id', 'é'])(
    '%j does not name a subscription: 404',
    async (id) => {
      await start();
      await create();
      for (const method of ['get_subscription', 'delete_subscription']) {
        expect(await failureOf(bench.call(method, { id }))).toMatchObject({ status: 404 });
      }
      expect(bmc.subscriptions).toHaveLength(1);
    },
  );
});

it.each([2, '2'])('an id may be %j', async (id) => {
  await start();
  for (const Context of ['a', 'b']) await create({ Context });
  expect(await bench.ask('get_subscription', { id })).toMatchObject({ Id: '2', Context: 'b' });
  expect(await bench.call('delete_subscription', { id })).toBeNull();
  expect(bmc.subscriptions).toMatchObject([{ Id: '1' }]);
});

it.each([2.5, 1e20, true, []])('an id is not %j', async (id) => {
  await start();
  expect(await failureOf(bench.call('get_subscription', { id }))).toBeInstanceOf(BadArguments);
});

describe('get_all_subscriptions', () => {
  beforeEach(async () => {
    await start();
    await create();
  });

  it('shows links, also of a BMC that answers with whole members', async () => {
    bmc.misbehave({ expandsUnasked: true });
    expect((await bench.ask('get_all_subscriptions'))['Members']).toEqual([
      { '@odata.id': `${COLLECTION}/1` },
    ]);
  });

  it.each([true, 'true', 'True', 1, '1'])('expands with %j, in one request', async (expand) => {
    await bench.ask('get_all_subscriptions');
    bmc.forget();
    expect(await bench.ask('get_all_subscriptions', { expand })).toMatchObject({ Members: [WANTED] });
    expect(bmc.requests).toHaveLength(1);
  });

  it.each([false, 'False', 0, '0'])('does not expand with %j', async (expand) => {
    expect(await bench.ask('get_all_subscriptions', { expand })).toMatchObject({
      Members: [{ '@odata.id': `${COLLECTION}/1` }],
    });
  });

  it.each(['perhaps', '', 2, null])('refuses to expand with %j', async (expand) => {
    expect(await failureOf(bench.ask('get_all_subscriptions', { expand }))).toBeInstanceOf(BadArguments);
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

  it('includes the last page', async () => {
    const { Id } = await create({ Context: 'e' });
    expect(await bench.ask('get_subscription', { id: Id as string })).toMatchObject({ Context: 'e' });
    await bench.call('delete_subscription', { id: Id as string });
    expect(bmc.subscriptions).toHaveLength(4);
  });
});
