import { startBlackHole } from '@ferrule/bmc-simulator';
import { atOnce, failureOf, targetOf, until, useBmc } from '../bmc.spec-support.js';
import { RedfishBusyError, RedfishTimeoutError, type RedfishPoolOptions } from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
/** A limit that no test reaches. */
const NEVER = 600_000;

describe('the time of a call', () => {
  const lab = useBmc({}, {}, async ({ client }) => client.get(SYSTEM));

  const open = async (options: RedfishPoolOptions): Promise<void> => {
    await lab.reopen(options);
    await lab.client.get(SYSTEM);
  };

  describe('ends with the signal', () => {
    const reason = new Error('the job was cancelled');

    /** Aborts once the condition holds. The call must reject with the reason while the BMC stays silent. */
    const aborted = async (
      call: (signal: AbortSignal) => Promise<unknown>,
      ready: () => Promise<unknown>,
    ) => {
      const controller = new AbortController();
      const failure = failureOf(call(controller.signal));
      await ready();
      controller.abort(reason);
      expect(await atOnce(failure)).toBe(reason);
    };

    it('before anything is sent', async () => {
      lab.bmc.forget();
      const failure = failureOf(lab.client.get(SYSTEM, { signal: AbortSignal.abort(reason) }));
      expect(await failure).toBe(reason);
      expect(lab.bmc.requests).toEqual([]);
    });

    it('while it waits for the first byte, and the request is broken off', async () => {
      lab.bmc.misbehave({ neverAnswers: { path: 'Systems' } });
      await aborted(
        async (signal) => lab.client.get(SYSTEM, { signal }),
        async () => lab.bmc.waitFor(({ inFlight }) => inFlight.current === 1),
      );
      await lab.bmc.waitFor(({ inFlight }) => inFlight.current === 0);
    });

    it('while it waits for its turn, and is never sent', async () => {
      lab.bmc.misbehave({ neverAnswers: { path: 'Systems' } });
      const others = new AbortController();
      const blocking = [1, 2].map(async () => failureOf(lab.client.get(SYSTEM, { signal: others.signal })));
      await lab.bmc.waitFor(({ inFlight }) => inFlight.current === 2);
      await aborted(
        async (signal) => lab.client.get(`${SYSTEM}?queued`, { signal }),
        async () => until(() => lab.clients.status[0]?.waiting === 1),
      );
      others.abort(reason);
      await Promise.all(blocking);
      lab.bmc.behave();
      await lab.client.get(SYSTEM);
      expect(lab.bmc.requests.filter(({ path }) => path.includes('queued'))).toEqual([]);
    });

    it('while the body arrives byte by byte', async () => {
      lab.bmc.misbehave({ slowBytes: { path: 'Systems', ms: 50 } });
      await aborted(
        async (signal) => lab.client.get(SYSTEM, { signal }),
        async () => lab.bmc.waitFor(({ inFlight }) => inFlight.current === 1),
      );
    });

    it('while it waits to try again', async () => {
      lab.bmc.forget();
      lab.bmc.misbehave({ notReady: { kind: '503-retry-after', times: 9, retryAfter: 60 } });
      await aborted(
        async (signal) => lab.client.get(SYSTEM, { signal }),
        async () => lab.bmc.waitFor(({ requests }) => requests.some(({ outcome }) => outcome === 'answered')),
      );
    });

    it('while it waits for the login of another call, which continues', async () => {
      await open({});
      lab.bmc.expireSessions();
      lab.bmc.misbehave({ latency: { path: 'Sessions', ms: 100 } });
      const patient = lab.client.get(SYSTEM);
      const logins = lab.bmc.requests.filter(({ method }) => method === 'POST').length;
      await aborted(
        async (signal) => lab.client.get(SYSTEM, { signal }),
        async () =>
          lab.bmc.waitFor(
            ({ requests }) => requests.filter(({ method }) => method === 'POST').length > logins,
          ),
      );
      expect((await patient).status).toBe(200);
    });

    it('while it connects', async () => {
      const hole = await startBlackHole();
      try {
        const target = { ...lab.client.target, origin: `https://127.0.0.1:${hole.port}` };
        const controller = new AbortController();
        const failure = failureOf(lab.clients.client(target).get(SYSTEM, { signal: controller.signal }));
        await until(() => hole.connections > 0);
        controller.abort(reason);
        expect(await atOnce(failure)).toBe(reason);
      } finally {
        await lab.clients.close();
        await hole.close();
      }
    });
  });

  describe('is limited', () => {
    it('for connecting, TLS included', async () => {
      const hole = await startBlackHole();
      await lab.reopen({ timeouts: { connect: 50, total: NEVER } });
      try {
        const target = { ...lab.client.target, origin: `https://127.0.0.1:${hole.port}` };
        const error = await failureOf(lab.clients.client(target).get(SYSTEM));
        expect(error).toBeInstanceOf(RedfishTimeoutError);
        expect(error).toMatchObject({ code: 'timeout', phase: 'connect' });
      } finally {
        await lab.clients.close();
        await hole.close();
      }
    });

    it('for connecting, once for all waiting requests', async () => {
      const hole = await startBlackHole();
      let tries = 0;
      const observer = (): void => void (tries += 1);
      await lab.reopen({ timeouts: { connect: 200, total: NEVER }, observer });
      try {
        const down = lab.clients.client({ ...lab.client.target, origin: `https://127.0.0.1:${hole.port}` });
        const calls = Array.from({ length: 20 }, async () => failureOf(down.root()));
        for (const error of await Promise.all(calls)) {
          expect(error).toMatchObject({ code: 'timeout', phase: 'connect' });
        }
        expect(tries).toBe(2);
        await failureOf(down.root());
        expect(tries).toBe(3);
      } finally {
        await lab.clients.close();
        await hole.close();
      }
    });

    it('for the first byte, and a POST is not sent again', async () => {
      await open({ timeouts: { firstByte: 500, total: NEVER } });
      lab.bmc.forget();
      lab.bmc.misbehave({ neverAnswers: { path: 'Subscriptions' } });
      const error = await failureOf(lab.client.post(SUBSCRIPTIONS, {}));
      expect(error).toMatchObject({
        phase: 'first-byte',
        url: lab.bmc.address + SUBSCRIPTIONS,
        method: 'POST',
      });
      expect(lab.bmc.requests).toHaveLength(1);
    });

    it('for the rest of an answer, which is not called a missing answer', async () => {
      // Long enough for the login, whose answer has the same limit.
      await open({ timeouts: { firstByte: 1_000, total: NEVER } });
      lab.bmc.misbehave({ stalledBody: { path: 'Systems' } });
      expect(await failureOf(lab.client.get(SYSTEM))).toMatchObject({
        phase: 'first-byte',
        message: `The answer to GET ${lab.bmc.address}${SYSTEM} stopped for 1000 ms.`,
      });
    });

    it('in total, even if every byte arrives in time', async () => {
      await open({ timeouts: { firstByte: NEVER } });
      lab.bmc.misbehave({ slowBytes: { path: 'Systems', ms: 20 } });
      const error = await failureOf(lab.client.get(SYSTEM, { timeout: 100 }));
      expect(error).toMatchObject({ phase: 'total', message: expect.stringContaining('longer than 100 ms') });
    });

    it('in the queue, whose length is limited, too', async () => {
      await open({ queueLimit: 1, queueBudget: 30, timeouts: { firstByte: NEVER, total: NEVER } });
      lab.bmc.misbehave({ neverAnswers: { path: 'Systems' } });
      const controller = new AbortController();
      const { signal } = controller;
      const blocking = [1, 2].map(async () => failureOf(lab.client.get(SYSTEM, { signal })));
      await lab.bmc.waitFor(({ inFlight }) => inFlight.current === 2);
      const waiting = failureOf(lab.client.get(SYSTEM, { signal }));
      const refused = await failureOf(
        lab.clients.client(targetOf(lab.bmc, {}, 'another')).get(SYSTEM, { signal }),
      );
      expect(refused).toBeInstanceOf(RedfishBusyError);
      expect(refused).toMatchObject({ message: expect.stringContaining('1 requests are waiting') });
      expect(await waiting).toMatchObject({ code: 'busy', message: expect.stringContaining('waited 30 ms') });
      controller.abort();
      await Promise.all(blocking);
    });
  });
});
