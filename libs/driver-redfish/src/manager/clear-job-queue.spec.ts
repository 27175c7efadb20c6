import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';

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
    expect(await failureOf(bench.call('clear_job_queue'))).toMatchObject({
      code: 'OutcomeUnknown',
      status: 500,
      message: expect.stringContaining('The request was sent; the BMC may have done it.'),
    });
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
