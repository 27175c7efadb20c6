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
