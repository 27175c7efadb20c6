import { type Misbehaviours, type NotReady } from '@ferrule/bmc-simulator';
import { failureOf, useBmc } from '../bmc.spec-support.js';
import { RedfishConnectionError, RedfishNotReadyError, RedfishServiceError } from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const SUBSCRIPTION = { Destination: 'https://192.0.2.1/', Protocol: 'Redfish', Context: 'c' };

describe('a call that fails', () => {
  const lab = useBmc({}, {}, async ({ bmc, client }) => {
    await client.get(SYSTEM);
    bmc.forget();
  });

  const sent = (method: string): number =>
    lab.bmc.requests.filter((request) => request.method === method).length;
  const post = async (nothingHappened?: () => Promise<boolean>): Promise<unknown> =>
    lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION, { nothingHappened });

  const kinds: NotReady['kind'][] = ['503', '503-retry-after', 'sys518', 'ilo-invalid-state'];

  it.each(kinds)('with "not ready" (%s) is repeated, whatever its verb', async (kind) => {
    lab.bmc.misbehave({ notReady: { kind, times: 2, retryAfter: 0 } });
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
    expect(sent('GET')).toBe(3);
    lab.bmc.misbehave({ notReady: { kind, times: 2, retryAfter: 0 } });
    await post();
    expect(sent('POST')).toBe(3);
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it('with "not ready" ends after the last try, with the message of the BMC', async () => {
    lab.bmc.misbehave({ notReady: { kind: 'sys518', times: 100, retryAfter: 0 } });
    const error = await failureOf(lab.client.get(SYSTEM, { timeout: 60_000 }));
    expect(error).toBeInstanceOf(RedfishNotReadyError);
    expect(error).toMatchObject({ code: 'not-ready', messages: [{ key: 'SYS518' }] });
  });

  it('in its login is not retried after the retries of the login', async () => {
    await lab.reopen({ retries: { attempts: 3, baseDelay: 2, maxDelay: 5 } });
    lab.bmc.misbehave({ notReady: { kind: '503', times: 100, path: 'Sessions', method: 'POST' } });
    lab.bmc.forget();
    expect(await failureOf(lab.client.get(SYSTEM))).toBeInstanceOf(RedfishNotReadyError);
    expect(sent('POST')).toBe(3);
  });

  it('waits as long as Retry-After says', async () => {
    lab.bmc.misbehave({ notReady: { kind: '503-retry-after', path: SYSTEM, times: 1, retryAfter: 60 } });
    const waiting = failureOf(lab.client.get(SYSTEM));
    await lab.bmc.waitFor(({ requests }) => requests.length > 0);
    // Without a pause the next try would have come by then.
    for (let count = 0; count < 20; count += 1) await lab.client.get('/redfish/v1/Systems');
    expect(lab.bmc.requests.filter(({ path }) => path === SYSTEM)).toHaveLength(1);
    await lab.clients.close();
    expect(await waiting).toMatchObject({ code: 'closed' });
  });

  it('ends at once if Retry-After exceeds the time left, and reports it', async () => {
    lab.bmc.misbehave({ notReady: { kind: '503-retry-after', times: 9, retryAfter: 3600 } });
    const error = await failureOf(lab.client.get(SYSTEM));
    expect(error).toMatchObject({ code: 'not-ready', retryAfter: 3_600_000 });
    expect(sent('GET')).toBe(1);
  });

  it('with a server error is repeated for reads, not for POST', async () => {
    lab.bmc.misbehave({ html504: { path: 'Systems', times: 2 } });
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
    expect(sent('GET')).toBe(3);
    lab.bmc.misbehave({ html504: { path: 'Subscriptions' } });
    expect(await failureOf(post())).toBeInstanceOf(RedfishServiceError);
    expect(sent('POST')).toBe(1);
  });

  const resets: Misbehaviours[] = [
    { resetOnce: { method: ['GET', 'POST', 'PATCH', 'DELETE'], times: 1, when: 'before-effect' } },
    { halfClosedKeepAlive: 'fin' },
    { halfClosedKeepAlive: 'reset-on-reuse' },
  ];

  it.each(resets)('on a broken connection is repeated for reads: %j', async (switches) => {
    lab.bmc.misbehave(switches);
    for (let call = 0; call < 5; call += 1) expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });

  it('on kept connections repeatedly makes the client keep none', async () => {
    lab.bmc.misbehave({ halfClosedKeepAlive: 'reset-on-reuse' });
    for (let call = 0; call < 8; call += 1) await lab.client.get(SYSTEM);
    expect(lab.bmc.requests.at(-1)?.headers['connection']).toBe('close');
    const before = lab.bmc.requests.length;
    await lab.client.get(SYSTEM);
    expect(lab.bmc.requests.length).toBe(before + 1);
  });

  it('is repeated for a PATCH whose answer was lost', async () => {
    lab.bmc.misbehave({ resetOnce: { method: 'PATCH', times: 1, when: 'after-effect' } });
    expect((await lab.client.patch(SYSTEM, { AssetTag: 'x' })).status).toBeLessThan(300);
    expect(lab.bmc.resource(SYSTEM)).toMatchObject({ AssetTag: 'x' });
  });

  it('is in doubt for a PATCH that is refused after a try whose answer was lost', async () => {
    lab.bmc.misbehave({
      resetOnce: { method: 'PATCH', times: 1, when: 'after-effect' },
      html400: { method: 'PATCH', after: 1 },
    });
    const error = await failureOf(lab.client.patch(SYSTEM, { AssetTag: 'x' }));
    expect(error).toMatchObject({ code: 'validation', status: 400, mayBeDone: true });
    expect(String(error)).toContain('that answer was lost; the BMC may have done it');
    lab.bmc.misbehave({ html400: { method: 'PATCH' } });
    expect(await failureOf(lab.client.patch(SYSTEM, { AssetTag: 'x' }))).toMatchObject({ mayBeDone: false });
  });

  it('is not in doubt for a read, a login, and what was never sent', async () => {
    await lab.reopen({ timeouts: { firstByte: 50 }, retries: { attempts: 1 } });
    lab.bmc.misbehave({ neverAnswers: { method: 'POST', path: 'Sessions' } });
    expect(await failureOf(post())).toMatchObject({ code: 'timeout', mayBeDone: false });
    lab.bmc.misbehave({ neverAnswers: { method: 'GET' } });
    expect(await failureOf(lab.client.get(SYSTEM))).toMatchObject({ code: 'timeout', mayBeDone: false });
    lab.bmc.misbehave({ neverAnswers: { method: 'POST', path: 'Subscriptions' } });
    expect(await failureOf(post())).toMatchObject({ code: 'timeout', mayBeDone: true });
    await lab.bmc.close();
    expect(await failureOf(post())).toMatchObject({ isUnsent: true, mayBeDone: false });
  });

  it('is in doubt when the time of the whole call is over before the answer', async () => {
    lab.bmc.misbehave({ neverAnswers: { method: 'POST', path: 'Subscriptions' } });
    const error = await failureOf(lab.client.post(SUBSCRIPTIONS, SUBSCRIPTION, { timeout: 100 }));
    expect(error).toMatchObject({ code: 'timeout', phase: 'total', mayBeDone: true });
  });

  it('is a success for a DELETE whose answer was lost', async () => {
    await post();
    const [member = ''] = await lab.client.members(SUBSCRIPTIONS);
    lab.bmc.misbehave({ resetOnce: { method: 'DELETE', times: 1, when: 'after-effect' } });
    expect((await lab.client.delete(member)).status).toBeDefined();
    expect(sent('DELETE')).toBe(2);
    expect(await failureOf(lab.client.delete(member))).toMatchObject({ code: 'not-found' });
  });

  it('is not repeated for a POST whose answer was lost', async () => {
    lab.bmc.misbehave({ resetOnce: { method: 'POST', times: 1, when: 'after-effect' } });
    const error = await failureOf(post());
    expect(error).toBeInstanceOf(RedfishConnectionError);
    expect(error).toMatchObject({ failure: 'reset', isUnsent: false, mayBeDone: true });
    expect(String(error)).toContain('The request was sent; the BMC may have done it.');
    expect(String(error)).not.toContain('Unable to connect');
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it.each(['before-effect', 'after-effect'] as const)(
    'is repeated for a POST lost %s if a read shows that it had no effect',
    async (when) => {
      lab.bmc.misbehave({ resetOnce: { method: 'POST', times: 1, when } });
      const nothingHappened = async (): Promise<boolean> =>
        (await lab.client.members(SUBSCRIPTIONS)).length === 0;
      const outcome = await post(nothingHappened).then(
        () => 'created',
        () => 'doubtful',
      );
      expect(outcome).toBe(when === 'before-effect' ? 'created' : 'doubtful');
      expect(lab.bmc.subscriptions).toHaveLength(1);
    },
  );

  it('is reported for a lost POST even if the read after it fails', async () => {
    lab.bmc.misbehave({ resetOnce: { method: 'POST', times: 1, when: 'after-effect' } });
    const error = await failureOf(
      post(async () => (await lab.client.get(`${SYSTEM}/nothing`)).status === 200),
    );
    expect(error).toMatchObject({ code: 'connection', method: 'POST' });
    expect(sent('POST')).toBe(1);
  });

  it.each(['reset-on-reuse', 'silent-on-reuse'] as const)(
    'because a kept socket is dead cannot be a POST: %s',
    async (halfClosedKeepAlive) => {
      await lab.reopen({ timeouts: { firstByte: 200 } });
      await lab.client.get(SYSTEM);
      const before = lab.bmc.connections.total;
      lab.bmc.misbehave({ halfClosedKeepAlive });
      await post();
      expect([sent('POST'), lab.bmc.connections.total]).toEqual([2, before + 1]);
      expect(lab.bmc.subscriptions).toHaveLength(1);
    },
  );

  it('at a closed port is reported within the time for connecting', async () => {
    const { origin } = lab.client;
    await lab.bmc.close();
    await lab.reopen({ timeouts: { connect: 200 } });
    const gone = lab.clients.client({ ...lab.client.target, origin });
    const error = await failureOf(gone.get(SYSTEM));
    expect(error).toBeInstanceOf(RedfishConnectionError);
    expect(error).toMatchObject({ failure: 'refused', isUnsent: true });
    expect(String(error)).toContain(`Unable to connect to ${origin}/redfish/v1/`);
  });

  it('succeeds if the BMC comes back within that time', async () => {
    lab.bmc.restart();
    expect((await lab.client.get(SYSTEM)).status).toBe(200);
  });
});
