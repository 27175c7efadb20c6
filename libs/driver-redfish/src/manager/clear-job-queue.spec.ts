import { type BmcServer, startBmc } from '@ferrule/bmc-simulator';
import { BadArguments, Bench, failureOf } from '../../test/bench.js';

let bmc: BmcServer;
let bench: Bench;

async function start(options: Parameters<typeof startBmc>[0] = {}): Promise<void> {
  bmc = await startBmc(options);
  bench = new Bench(bmc);
}

afterEach(async () => {
  await bench.close();
  await bmc.close();
});

const posts = () =>
  bmc.requests.filter(({ path }) => path.endsWith('.DeleteJobQueue')).map(({ body }) => body);

describe('clear_job_queue', () => {
  it.each([
    [{}, 'JID_CLEARALL'],
    [{ force: true }, 'JID_CLEARALL_FORCE'],
  ])('%j sends %s to an iDRAC', async (args, id) => {
    await start({ profile: 'dell-idrac9' });
    expect(await bench.ask('clear_job_queue', args)).toEqual({ job_id: id });
    expect(posts()).toEqual([{ JobID: id }]);
  });

  it('does not send again what may have been done', async () => {
    const lost = { when: 'after-effect', method: 'POST', path: 'DeleteJobQueue' } as const;
    await start({ profile: 'dell-idrac9', misbehave: { resetOnce: lost } });
    expect(await failureOf(bench.call('clear_job_queue'))).toMatchObject({ code: 'RedfishConnectionError' });
    expect(posts()).toHaveLength(1);
  });

  it('is not supported by other BMCs', async () => {
    await start({ profile: 'hpe-ilo5' });
    expect(await failureOf(bench.call('clear_job_queue'))).toMatchObject({
      status: 400,
      code: 'UnsupportedDriverExtension',
    });
    expect(bmc.requests.filter(({ path }) => path.includes('/Actions/'))).toEqual([]);
  });

  it('refuses a value that is no boolean', async () => {
    await start();
    expect(await failureOf(bench.call('clear_job_queue', { force: 'all' }))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  });
});
