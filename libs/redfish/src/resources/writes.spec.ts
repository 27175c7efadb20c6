import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { failureOf, useBmc } from '../bmc.spec-support.js';
import { actionTarget } from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';

describe('a conditional write', () => {
  const lab = useBmc();

  const patches = (): (string | undefined)[] =>
    lab.bmc.requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers['if-match']);

  it.each<[string, Misbehaviours, number, string | undefined]>([
    ['that wants If-Match', { etag: 'requires' }, 1, undefined],
    ['with weak ETags', { etag: 'weak' }, 1, undefined],
    ['that refuses its own weak ETags', { etag: 'weak-refused' }, 3, 'strong'],
    ['that quotes twice', { etag: 'doubly-quoted' }, 3, 'strong'],
    ['with ETags in the body only', { etag: 'body-only' }, 1, undefined],
    ['with ETags in the header only', { etag: 'header-only' }, 1, undefined],
    ['that wants ETags without quotes', { etag: 'bare' }, 3, 'bare'],
    ['whose header lists several ETags', { etag: 'several' }, 1, undefined],
    ['whose header has a wrong ETag', { etag: 'body-differs' }, 3, 'body'],
    ['that accepts only *', { etag: 'any-only' }, 4, undefined],
    ['that refuses If-Match altogether', { etag: 'refuses-any' }, 5, undefined],
    ['without ETags', { etag: 'none' }, 1, undefined],
    ['whose ETag changed meanwhile', { etagChanges: 1 }, 2, undefined],
  ])('reaches a BMC %s', async (_what, switches, most, learned) => {
    lab.bmc.misbehave(switches);
    await lab.client.patch(SYSTEM, { AssetTag: 'first' });
    expect(lab.bmc.resource(SYSTEM)).toMatchObject({ AssetTag: 'first' });
    expect(patches().length).toBeLessThanOrEqual(most);
    expect(lab.client.learned('etag')).toBe(learned);
    lab.bmc.forget();
    await lab.client.patch(SYSTEM, { AssetTag: 'second' });
    expect(lab.bmc.resource(SYSTEM)).toMatchObject({ AssetTag: 'second' });
    expect(patches()).toHaveLength(1);
  });

  it('without If-Match is remembered for its resource only', async () => {
    lab.bmc.misbehave({ etag: 'refuses-any' });
    await lab.client.patch(SYSTEM, { AssetTag: 'first' });
    lab.bmc.misbehave({ etag: 'requires' });
    lab.bmc.forget();
    await lab.client.patch('/redfish/v1/Managers/BMC', { DateTimeLocalOffset: '+01:00' });
    expect(patches()).toEqual([expect.stringMatching(/^"/)]);
  });

  it.each([403, 401])('works where a read is refused with 403, not with 401: %i', async (status) => {
    await lab.client.get(SYSTEM);
    const aim = { method: 'GET', path: SYSTEM };
    lab.bmc.misbehave(status === 403 ? { forbiddenWithLicence: aim } : { spurious401: aim });
    const outcome = lab.client.patch(SYSTEM, { AssetTag: 'x' });
    if (status === 401) expect(await failureOf(outcome)).toMatchObject({ status: 401 });
    else expect((await outcome).status).toBe(200);
    expect(patches()).toEqual(status === 403 ? [undefined] : []);
  });

  it.each([{}, { told: 'location' as const }])(
    'as a task is found by a link without a leading slash: %j',
    async (how) => {
      lab.bmc.misbehave({ leadingSlashMissing: true, patchTask: true, taskSteps: how });
      await lab.client.patch(SYSTEM, { AssetTag: 'x' });
      expect(lab.bmc.resource(SYSTEM)).toMatchObject({ AssetTag: 'x' });
      expect(lab.bmc.requests.filter(({ status }) => status === 404)).toEqual([]);
    },
  );

  it('by an action is found by a target without a leading slash', async () => {
    lab.bmc.misbehave({ leadingSlashMissing: true });
    const target = actionTarget((await lab.client.get(SYSTEM)).body, '#ComputerSystem.Reset') ?? '';
    expect(target).toMatch(/^redfish/);
    expect((await lab.client.post(target, { ResetType: 'ForceOff' })).status).toBe(204);
  });

  it('sends exactly the given If-Match, or none', async () => {
    await lab.client.request({ method: 'PATCH', path: SYSTEM, body: { AssetTag: 'a' }, ifMatch: false });
    const wrong = lab.client.request({
      method: 'PATCH',
      path: SYSTEM,
      body: { AssetTag: 'b' },
      ifMatch: '"old"',
    });
    expect(await failureOf(wrong)).toMatchObject({ code: 'precondition', status: 412 });
    expect(patches()).toEqual([undefined, '"old"']);
  });

  it('never sends If-Match with a POST', async () => {
    lab.bmc.misbehave({ ifMatchRefusedOnPost: true });
    const body = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: '' };
    expect((await lab.client.post(SUBSCRIPTIONS, body)).status).toBe(201);
  });

  it('is aborted with all of its requests', async () => {
    lab.bmc.misbehave({ neverAnswers: { method: 'PATCH' } });
    const controller = new AbortController();
    const failure = failureOf(lab.client.patch(SYSTEM, { AssetTag: 'x' }, { signal: controller.signal }));
    await lab.bmc.waitFor(() => patches().length === 1);
    controller.abort(new Error('enough'));
    expect(await failure).toMatchObject({ message: 'enough' });
    await lab.bmc.waitFor(({ inFlight }) => inFlight.current === 0);
    expect(patches()).toHaveLength(1);
  });
});
