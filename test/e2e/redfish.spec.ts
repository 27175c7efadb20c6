import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { startApp, type TestApp } from '../support/app.js';
import { call, ended, fields, jobOf, readJob, unlocked } from '../support/passthru.js';
import { createRedfishNode, EXTENDED, HeldTask, passthru } from '../support/redfish.js';
import { until } from '../support/until.js';

const WANTED = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };

describe('redfish', () => {
  let service: TestApp;
  let bmc: BmcServer;
  let node: string;
  beforeAll(async () => {
    service = await startApp({ FERRULE_ENABLED_HARDWARE_TYPES: 'redfish,idrac' });
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    bmc = await startBmc({ profile: 'dell-idrac9' });
    node = await createRedfishNode(service.http, bmc);
  });
  afterEach(() => bmc.close());

  async function heldEject(): Promise<{ path: string; job: string; task: HeldTask }> {
    const [medium] = bmc.media;
    const path = medium?.path ?? '';
    bmc.insert(path);
    const task = new HeldTask();
    bmc.misbehave({ eject: '202-task', taskSteps: task });
    const job = jobOf(await call(service.http, node, 'eject_vmedia'));
    await until(async () => ((await readJob(service.http, job)).progress?.percent ?? 0) > 0);
    return { path, job, task };
  }

  describe('as gophercloud calls it', () => {
    it('a subscription is created, listed, shown and deleted', async () => {
      const { http } = service;
      const made = (await passthru(http, 'POST', node, 'create_subscription', WANTED)).expect(200);
      const subscription = made.json<{ Id: string }>();
      expect(subscription).toEqual({
        ...WANTED,
        Id: expect.any(String),
        Protocol: 'Redfish',
        EventTypes: expect.any(Array),
      });
      const id = subscription.Id;

      const all = (await passthru(http, 'GET', node, 'get_all_subscriptions')).expect(200);
      expect(all.json()).toMatchObject({
        '@odata.id': expect.stringMatching(/\/Subscriptions$/),
        Members: [{ '@odata.id': expect.stringMatching(new RegExp(`/Subscriptions/${id}$`)) }],
      });
      const one = await passthru(http, 'GET', node, 'get_subscription', { id });
      expect(one.expect(200).json()).toEqual(subscription);

      const deleted = await passthru(http, 'DELETE', node, 'delete_subscription', { id });
      expect(deleted.expect(200).text).toBe('null');
      expect(bmc.subscriptions).toEqual([]);
      const again = await passthru(http, 'DELETE', node, 'delete_subscription', { id });
      expect(again.expect(404).fault).toMatchObject({
        faultcode: 'Client',
        faultstring: `Subscription ${id} could not be found on node ${node}.`,
      });
    });

    it('the same subscription is created once', async () => {
      const { http } = service;
      const answers = [];
      for (let time = 0; time < 2; time++) {
        answers.push((await passthru(http, 'POST', node, 'create_subscription', WANTED)).expect(200).json());
      }
      expect(answers[1]).toEqual(answers[0]);
      expect(bmc.subscriptions).toHaveLength(1);
    });
  });

  it('arguments of GET and DELETE may be in the query', async () => {
    const { http } = service;
    const made = await call(http, node, 'create_subscription', WANTED);
    const { Id } = made.expect(200).json<{ Id: string }>();
    const path = `/v1/nodes/${node}/vendor_passthru`;
    const expanded = (await http.get(`${path}/get_all_subscriptions?expand=true`)).expect(200);
    expect(expanded.json()).toMatchObject({ Members: [{ Id, ...WANTED }], 'Members@odata.count': 1 });
    const shown = await http.get(`${path}?method=get_subscription&id=${encodeURIComponent(Id)}`);
    expect(shown.expect(200).json()).toMatchObject(WANTED);
    (await http.delete(`${path}?method=delete_subscription&id=${encodeURIComponent(Id)}`)).expect(200);
    expect(bmc.subscriptions).toEqual([]);
  });

  it('an idrac node has the same methods', async () => {
    const { http } = service;
    const dell = await createRedfishNode(http, bmc, {}, { driver: 'idrac' });
    expect(await fields(http, dell, 'vendor_interface')).toEqual({ vendor_interface: 'idrac-redfish' });
    (await passthru(http, 'POST', dell, 'create_subscription', WANTED)).expect(200);
    const seen = await passthru(http, 'GET', node, 'get_all_subscriptions', { expand: true });
    expect(seen.expect(200).json()).toMatchObject({ Members: [WANTED] });
    expect([bmc.logins, bmc.sessions]).toEqual([1, 1]);
  });

  it("a BMC's task shows its progress in the job, and its end", async () => {
    const { http } = service;
    const { path, job, task } = await heldEject();
    const seen: number[] = [];
    await until(async () => {
      const { state, progress } = await readJob(http, job);
      expect(state).toBe('running');
      if (progress?.percent !== seen.at(-1)) seen.push(progress?.percent ?? NaN);
      return seen.length >= 3;
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.every((percent) => percent > 0 && percent < 100)).toBe(true);
    expect(bmc.media.find((medium) => medium.path === path)?.inserted).toBe(true);

    task.release();
    const { state, result } = await ended(http, job);
    expect(state).toBe('succeeded');
    const { slots } = result as { slots: { path: string }[] };
    expect(slots.length).toBe(bmc.media.length);
    expect(slots.find((slot) => slot.path === path)).toMatchObject({
      was_inserted: true,
      ejected: true,
      image: 'http://192.0.2.1/boot.iso',
    });
    expect(bmc.media.filter(({ inserted }) => inserted)).toEqual([]);
    await unlocked(http, node);
  });

  it("a task that fails at the BMC fails the job, with the BMC's message", async () => {
    const { http } = service;
    bmc.insert(bmc.media[0]?.path ?? '');
    const text = 'The medium is in use by the lifecycle controller.';
    bmc.misbehave({
      eject: '202-task',
      taskSteps: {
        polls: 0,
        retryAfter: 0,
        final: 'Exception',
        messages: [{ id: 'IDRAC.2.8.VRM0021', text }],
      },
    });
    const job = await ended(http, jobOf(await call(http, node, 'eject_vmedia')));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'RedfishError' } });
    expect(job.error?.message).toContain(text);
    const { last_error } = await fields(http, node, 'last_error');
    expect(last_error).toContain(text);
    await unlocked(http, node);
  });

  it('reads work while a job holds the node', async () => {
    const { http } = service;
    const { job, task } = await heldEject();
    expect((await fields(http, node, 'reservation'))['reservation']).not.toBeNull();

    (await passthru(http, 'GET', node, 'get_all_subscriptions')).expect(200);
    (await passthru(http, 'GET', node, 'get_all_subscriptions', { expand: true })).expect(200);
    (await passthru(http, 'GET', node, 'get_subscription', { id: 'no such' })).expect(404);
    const written = await passthru(http, 'POST', node, 'create_subscription', WANTED);
    expect(written.expect(409).fault.faultstring).toMatch(/locked by host/);
    expect(await readJob(http, job)).toMatchObject({ state: 'running' });

    task.release();
    expect(await ended(http, job)).toMatchObject({ state: 'succeeded' });
    await unlocked(http, node);
    (await passthru(http, 'POST', node, 'create_subscription', WANTED)).expect(200);
  });

  it('a job whose answer was lost ends as outcome-unknown; one that succeeds names its task and ends at 100 percent', async () => {
    const { http } = service;
    const extended = await createRedfishNode(http, bmc, {}, EXTENDED);
    const update = async () =>
      ended(http, jobOf(await call(http, extended, 'update_firmware', { image: 'https://192.0.2.1/x' })));
    bmc.misbehave({ resetOnce: { when: 'before-effect', method: 'POST', path: 'SimpleUpdate', times: 1 } });
    const lost = await update();
    expect(lost).toMatchObject({ state: 'outcome-unknown', error: { code: 'OutcomeUnknown' } });
    expect(lost.error?.message).toContain('The request was sent; the BMC may have done it.');
    bmc.misbehave({ updateTask: { polls: 1, retryAfter: 0 } });
    const done = await update();
    expect(done).toMatchObject({ state: 'succeeded', progress: { percent: 100 } });
    expect(done.progress?.message).toContain(String((done.result as { task: string }).task));
  });

  it('a read ends when its client has gone', async () => {
    const { http } = service;
    (await passthru(http, 'GET', node, 'get_all_subscriptions')).expect(200);
    bmc.misbehave({ latency: { ms: 60_000, method: 'GET', path: 'Subscriptions' } });
    bmc.forget();
    const client = new AbortController();
    const path = `/v1/nodes/${node}/vendor_passthru?method=get_all_subscriptions`;
    const gone = expect(http.get(path, { signal: client.signal })).rejects.toThrow(/abort/i);
    await bmc.waitFor(({ requests }) => requests.length > 0);
    client.abort();
    await gone;
    await bmc.waitFor(({ requests }) => requests.every(({ outcome }) => outcome === 'gone'));
  });
});
