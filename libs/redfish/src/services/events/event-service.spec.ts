import { type DeleteAnswer } from '@ferrule/bmc-simulator';
import { failureOf, useBmc } from '../../bmc.spec-support.js';
import { EventService } from '../../index.js';

const SERVICE = '/redfish/v1/EventService';
const COLLECTION = `${SERVICE}/Subscriptions`;

const lab = useBmc();
const events = () => new EventService(lab.client);
const subscribe = (Context: string) =>
  events().subscribe({ Destination: 'https://192.0.2.1/events', Context });
const asked = () => lab.bmc.requests.map(({ method, path }) => `${method} ${path}`);

describe('reading subscriptions', () => {
  it('starts at the collection once it was found', async () => {
    await events().collection();
    lab.bmc.forget();
    await events().collection();
    expect(asked()).toEqual([`GET ${COLLECTION}`]);
  });

  it('looks the collection up again when it is gone', async () => {
    await events().collection();
    lab.bmc.forget();
    lab.bmc.misbehave({ noEventService: true });
    await failureOf(events().collection());
    expect(asked().slice(0, 2)).toEqual([`GET ${COLLECTION}`, `GET ${SERVICE}`]);
  });

  it('finds one by its Id, and no free slot', async () => {
    await subscribe('a');
    const { path } = await subscribe('b');
    expect(await events().find('2')).toMatchObject({ path, body: { Context: 'b' }, isFree: false });
    expect(await events().find('3')).toBeUndefined();
    lab.bmc.misbehave({ slots: 4 });
    expect(await events().find('4')).toBeUndefined();
    const { subscriptions } = await events().list();
    expect(subscriptions.map(({ isFree }) => isFree)).toEqual([false, false, true, true]);
  });

  it('tells which members cannot be read', async () => {
    await subscribe('a');
    lab.bmc.misbehave({ deadSubscription: 500 });
    const { subscriptions, unread, paths } = await events().list();
    expect(subscriptions).toMatchObject([{ body: { Context: 'a' } }]);
    expect([unread, paths.length]).toEqual([[`${COLLECTION}/Dead`], 2]);
  });
});

describe('unsubscribe', () => {
  it.each<[DeleteAnswer, object | undefined]>([
    ['204', undefined],
    ['200', undefined],
    ['202-task', undefined],
    ['500-but-done', undefined],
    ['403', { code: 'access' }],
    ['405', { code: 'unsupported' }],
    ['500', { code: 'service' }],
    ['404-but-there', { code: 'not-done', cause: { code: 'not-found' } }],
  ])('at a BMC that answers %s', async (deleteAnswer, failure) => {
    await subscribe('a');
    lab.bmc.misbehave({ deleteAnswer });
    const deletion = events().unsubscribe('1');
    if (failure === undefined) expect(await deletion).toBe(true);
    else expect(await failureOf(deletion)).toMatchObject(failure);
    expect(lab.bmc.subscriptions).toHaveLength(failure === undefined ? 0 : 1);
  });

  it('tells that there is none, and sends nothing', async () => {
    expect(await events().unsubscribe('1')).toBe(false);
    expect(asked().filter((line) => line.startsWith('DELETE'))).toEqual([]);
  });
});

describe('submitTestEvent', () => {
  it('returns the event as the BMC took it', async () => {
    lab.bmc.misbehave({ testEventRefuses: ['MessageArgs'] });
    const event = await events().submitTestEvent({ Severity: 'Warning' });
    expect(event).toMatchObject({ Severity: 'Warning', EventType: 'Alert' });
    expect(event).not.toHaveProperty('MessageArgs');
  });

  it('needs the action, and keeps what was asked for', async () => {
    lab.bmc.misbehave({ testEventRefuses: ['Severity'] });
    expect(await failureOf(events().submitTestEvent({ Severity: 'OK' }))).toMatchObject({
      code: 'validation',
    });
    lab.bmc.change(SERVICE, { Actions: { '#EventService.SubmitTestEvent': null } });
    expect(await failureOf(events().submitTestEvent())).toMatchObject({
      code: 'unsupported',
      status: undefined,
    });
  });
});
