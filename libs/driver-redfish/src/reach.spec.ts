import { startBlackHole, startBmc } from '@ferrule/bmc-simulator';
import { Bench, failureOf, NODE } from '../test/bench.js';

const METHODS = ['get_all_subscriptions', 'eject_vmedia'];

it.each(METHODS)('%s names a BMC that refuses connections', async (method) => {
  const bmc = await startBmc();
  await bmc.close();
  const bench = new Bench(bmc);
  const failure = await failureOf(bench.call(method));
  expect(failure).toMatchObject({ code: 'RedfishConnectionError', failure: 'unreachable', status: 500 });
  expect(failure.message).toContain(`Redfish connection failed for node ${NODE}: Unable to connect to`);
  await bench.close();
});

it('fails with an error that names a BMC which does not answer', async () => {
  const hole = await startBlackHole();
  const bench = new Bench(
    { address: `http://127.0.0.1:${hole.port}`, username: 'admin', password: 'secret-password' },
    { clients: { timeouts: { connect: 100, firstByte: 100, total: 500 } } },
  );
  const failure = await failureOf(bench.call('get_all_subscriptions'));
  expect(failure).toMatchObject({ failure: 'timeout', status: 500, problemStatus: 504 });
  await bench.close();
  await hole.close();
});

it('stops at once when the task is aborted, and throws its reason', async () => {
  const bmc = await startBmc({ misbehave: { neverAnswers: { path: 'Subscriptions' } } });
  const bench = new Bench(bmc);
  const abort = new AbortController();
  const reason = new Error('the method ran too long');
  const call = failureOf(bench.call('get_all_subscriptions', {}, abort.signal));
  await bmc.waitFor(({ requests }) => requests.some(({ path }) => path.endsWith('/Subscriptions')));
  abort.abort(reason);
  expect(await call).toBe(reason);
  await bench.close();
  await bmc.close();
});

it('deletes its session when the service shuts down', async () => {
  const bmc = await startBmc();
  const bench = new Bench(bmc);
  await Promise.all(Array.from({ length: 20 }, () => bench.call('get_all_subscriptions')));
  expect([bmc.logins, bmc.sessions]).toEqual([1, 1]);
  await bench.close();
  expect(bmc.sessions).toBe(0);
  await bmc.close();
});

describe('a BMC that is slow', () => {
  it.each([
    [{}, { responseTimeout: '1' }, false],
    [{ redfish_response_timeout: 5 }, { responseTimeout: '1' }, true],
    [{ redfish_response_timeout: '1' }, { responseTimeout: '5' }, false],
  ])('is waited for as driver_info %j and the settings %j say', async (driverInfo, settings, isAnswered) => {
    const bmc = await startBmc({ misbehave: { firstByteDelay: { path: 'Subscriptions', ms: 1_500 } } });
    const clients = { timeouts: {}, retries: { attempts: 1 } };
    const bench = new Bench(bmc, { driverInfo, settings, clients });
    try {
      const call = bench.call('get_all_subscriptions');
      if (isAnswered) expect(await call).toMatchObject({ Members: [] });
      else expect(await failureOf(call)).toMatchObject({ failure: 'timeout' });
    } finally {
      await bench.close();
      await bmc.close();
    }
  });
});

it('tries, authentication and verification are those of the node, else of the settings', async () => {
  const bmc = await startBmc({ tls: true, misbehave: { html504: { path: 'Subscriptions' } } });
  const settings = { authType: 'basic', verifyCa: 'false' } as const;
  for (const [driverInfo, tries] of [
    [{ redfish_attempts: 2 }, 2],
    [{ redfish_attempts: 1, redfish_auth_type: 'session' }, 1],
  ] as const) {
    const bench = new Bench(bmc, { driverInfo, settings });
    bmc.forget();
    await failureOf(bench.call('get_all_subscriptions'));
    expect(bmc.requests.filter(({ path }) => path.endsWith('/Subscriptions'))).toHaveLength(tries);
    expect(bmc.logins).toBe('redfish_auth_type' in driverInfo ? 1 : 0);
    await bench.close();
  }
  const bench = new Bench(bmc, { driverInfo: { redfish_verify_ca: true }, settings });
  expect((await failureOf(bench.call('get_all_subscriptions'))).message).toContain('redfish_verify_ca');
  await bench.close();
  await bmc.close();
});
