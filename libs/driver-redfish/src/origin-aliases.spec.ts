import { type BmcServer, FOREIGN_ORIGIN, startBmc } from '@ferrule/bmc-simulator';
import { Bench } from '../test/bench.js';
import { parseAliases } from './origin-aliases.js';

describe('the aliases of BMCs behind NAT', () => {
  it.each([
    'x',
    'https://a',
    'https://a=b',
    'https://a/x=https://b',
    'ftp://a=https://b',
    'https://a=https://b=https://c',
  ])('are refused when they are %s', (text) => {
    expect(() => parseAliases(text)).toThrow(TypeError);
  });

  describe('of a BMC that uses another address in its links', () => {
    let bmc: BmcServer;
    let bench: Bench;
    beforeEach(async () => {
      bmc = await startBmc({ misbehave: { createAnswer: 'absolute-location-foreign' } });
    });
    afterEach(async () => {
      await bench.close();
      await bmc.close();
    });

    async function askedAfterPost(aliases?: string): Promise<string[]> {
      bench = new Bench(bmc, { settings: { aliases } });
      await bench.ask('create_subscription', { Destination: 'https://192.0.2.1/events' });
      const asked = bmc.requests.map(({ method, path }) => `${method} ${path}`);
      return asked.slice(asked.findIndex((each) => /^POST .*Subscriptions$/.test(each)) + 1);
    }

    it('are followed by their path', async () => {
      const [first] = await askedAfterPost(`${new URL(bmc.url).origin}=${FOREIGN_ORIGIN}`);
      expect(first).toMatch(/^GET .*Subscriptions\/[^/]+$/);
    });

    it('are none unless they are configured', async () => {
      const [first] = await askedAfterPost();
      expect(first).toMatch(/^GET .*Subscriptions(\?.*)?$/);
    });
  });
});
