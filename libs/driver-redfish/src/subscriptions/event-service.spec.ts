import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { Bench, failureOf } from '../../test/bench.js';

const SERVICE = '/redfish/v1/EventService';

describe('reading subscriptions', () => {
  let bmc: BmcServer;
  let bench: Bench;
  beforeEach(async () => {
    bmc = await startBmc();
    bench = new Bench(bmc);
    await bench.ask('get_all_subscriptions');
    bmc.forget();
  });
  afterEach(async () => {
    await bench.close();
    await bmc.close();
  });

  const asked = () => bmc.requests.map(({ method, path }) => `${method} ${path}`);

  it('starts at the collection once it was found', async () => {
    await bench.ask('get_all_subscriptions');
    expect(asked()).toEqual([`GET ${SERVICE}/Subscriptions`]);
  });

  it('looks the collection up again when it is gone', async () => {
    bmc.misbehave({ noEventService: true });
    await failureOf(bench.ask('get_all_subscriptions'));
    expect(asked().slice(0, 2)).toEqual([`GET ${SERVICE}/Subscriptions`, `GET ${SERVICE}`]);
  });
});
