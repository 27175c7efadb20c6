import { type BmcServer, type Misbehaviours, startBmc } from '@ferrule/bmc-simulator';
import { clientOf, quickClients } from '../bmc.spec-support.js';
import { type RedfishPool } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('the number of sessions at a BMC', () => {
  let bmcs: BmcServer[];
  let clients: RedfishPool;
  beforeEach(async () => {
    bmcs = await Promise.all([startBmc(), startBmc(), startBmc()]);
    clients = quickClients();
  });
  afterEach(async () => {
    await clients.close();
    await Promise.all(bmcs.map((bmc) => bmc.close()));
  });

  const counts = (): number[] => bmcs.map(({ sessions }) => sessions);
  const callAll = async (times: number): Promise<void> => {
    const calls = bmcs.map(async (bmc) => {
      for (let call = 0; call < times; call += 1) await clientOf(clients, bmc).get(SYSTEMS);
    });
    await Promise.all(calls);
  };

  it.each<[string, Misbehaviours]>([
    [
      'answers to logins are lost',
      { resetOnce: { method: 'POST', path: 'Sessions', times: 1, when: 'after-effect' } },
    ],
    ['answers to calls are lost', { resetOnce: { path: SYSTEMS, times: 3, when: 'after-effect' } }],
    ['calls get 401 at random', { spurious401: { path: SYSTEMS, times: 1 } }],
    ['sessions end early', { sessionExpired: { path: SYSTEMS, times: 1, after: 1 } }],
  ])('is one while %s, and none after the shutdown', async (_what, misbehave) => {
    bmcs.forEach((bmc) => bmc.misbehave(misbehave));
    await callAll(6);
    await Promise.all(bmcs.map((bmc) => bmc.waitFor(({ sessions }) => sessions === 1)));
    await clients.close();
    expect(counts()).toEqual([0, 0, 0]);
  });

  it('is none after a shutdown whose answers are lost', async () => {
    await callAll(1);
    bmcs.forEach((bmc) =>
      bmc.misbehave({ resetOnce: { method: 'DELETE', path: 'Sessions', when: 'after-effect' } }),
    );
    await clients.close();
    expect(counts()).toEqual([0, 0, 0]);
  });

  it('is none after a shutdown, except at a BMC that does not answer any more', async () => {
    await clients.close();
    clients = quickClients({ timeouts: { close: 500 } });
    await callAll(1);
    const [silent] = bmcs;
    silent?.misbehave({ neverAnswers: { path: /./ } });
    const pending = Promise.allSettled([callAll(1)]);
    await silent?.waitFor(({ inFlight }) => inFlight.current === 1);
    await clients.close();
    expect(counts()).toEqual([1, 0, 0]);
    await pending;
  });
});
