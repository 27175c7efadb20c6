import { type BmcOptions } from '@ferrule/bmc-simulator';
import { BadArguments, type BenchOptions, failureOf } from '../../test/bench.js';
import { bench, bmc, start as begin } from '../../test/started.js';

const MANAGER = '/redfish/v1/Managers/BMC';
const ACTION = `${MANAGER}/Actions/Manager.Reset`;

const start = async (options: BmcOptions = {}, restart: BenchOptions['restart'] = {}): Promise<void> =>
  begin(options, { restart });

const resets = () =>
  bmc.requests.filter(({ path }) => path.endsWith('/Actions/Manager.Reset')).map(({ body }) => body);

describe('bmc_reset', () => {
  it.each([
    [{}, 'GracefulRestart'],
    [{ warm: true }, 'GracefulRestart'],
    [{ warm: 'false' }, 'ForceRestart'],
  ])('%j sends %s once, and ends when the BMC answers again', async (args, type) => {
    await start({ misbehave: { resetOutage: 300 } }, { look: 50, unseen: 5_000 });
    expect(await bench.ask('bmc_reset', args)).toEqual({
      manager: MANAGER,
      reset_type: type,
      was_away: true,
    });
    expect(resets()).toEqual([{ ResetType: type }]);
    expect(bmc.requests.at(-1)).toMatchObject({
      method: 'GET',
      path: MANAGER,
      outcome: 'answered',
      status: 200,
    });
    expect(bench.progress.map(({ message }) => message)).toContain('Waiting until the BMC answers again');
  });

  it('uses what the BMC allows, also by its ActionInfo', async () => {
    await start({ profile: 'supermicro-x13' });
    const info = '/redfish/v1/Managers/1/ResetActionInfo';
    const parameter = { Name: 'ResetType', AllowableValues: ['GracefulRestart'] };
    bmc.change(info, { Parameters: [parameter] });
    expect(await bench.ask('bmc_reset', { warm: false })).toMatchObject({ reset_type: 'GracefulRestart' });
  });

  it('ends for a BMC that nobody saw away, and says so', async () => {
    await start();
    expect(await bench.ask('bmc_reset')).toMatchObject({ was_away: false });
  });

  it.each([
    [1, false],
    [2, true],
  ])('takes a BMC that answers nothing in time %i times in a row for away: %s', async (times, was_away) => {
    await start({}, { look: 600, unseen: 2_500 });
    bmc.onRequest(({ path }) => {
      if (path === ACTION) bmc.misbehave({ neverAnswers: { method: 'GET', path: MANAGER, times } });
    });
    expect(await bench.ask('bmc_reset')).toMatchObject({ was_away });
  });

  it('does not take a BMC for away that refuses to show its manager', async () => {
    await start({}, { unseen: 300 });
    bmc.onRequest(({ path }) => {
      if (path === ACTION)
        bmc.misbehave({ forbiddenWithLicence: { method: 'GET', path: MANAGER, times: 2 } });
    });
    expect(await bench.ask('bmc_reset')).toMatchObject({ was_away: false });
  });

  it('believes a new LastResetTime', async () => {
    await start({}, { unseen: 5_000 });
    bmc.change(MANAGER, { LastResetTime: '2020-01-01T00:00:00Z' });
    expect(await bench.ask('bmc_reset')).toMatchObject({ was_away: true });
  });

  it('is not sent again when its answer is lost', async () => {
    await start({ misbehave: { resetOnce: { when: 'after-effect', method: 'POST', path: ACTION } } });
    bmc.change(MANAGER, { LastResetTime: '2020-01-01T00:00:00Z' });
    expect(await bench.ask('bmc_reset')).toMatchObject({ was_away: true });
    expect(resets()).toHaveLength(1);
  });

  it('is in doubt if its answer was lost and nothing shows a restart', async () => {
    await start({ misbehave: { resetOnce: { when: 'before-effect', method: 'POST', path: ACTION } } });
    expect(await failureOf(bench.call('bmc_reset'))).toMatchObject({
      code: 'OutcomeUnknown',
      message: expect.stringContaining('the BMC may have done it. It has answered ever since'),
    });
    expect(resets()).toHaveLength(1);
  });

  it('fails if the BMC does not come back', async () => {
    await start({ misbehave: { resetOutage: 60_000 } }, { look: 50, most: 200 });
    expect(await failureOf(bench.call('bmc_reset'))).toMatchObject({
      failure: 'timeout',
      message: expect.stringContaining('was reset and has not answered'),
    });
    expect(resets()).toHaveLength(1);
  });

  it('ends when it is aborted', async () => {
    await start({ misbehave: { resetOutage: 60_000 } });
    const aborting = new AbortController();
    const ended = failureOf(bench.call('bmc_reset', {}, aborting.signal));
    await bmc.waitFor(() => resets().length > 0);
    aborting.abort(new Error('It took too long.'));
    expect(await ended).toMatchObject({
      code: 'OutcomeUnknown',
      message: 'It took too long. The BMC was asked for a change before and may still be at work.',
    });
  });

  it('is not supported by a manager without the action', async () => {
    await start();
    bmc.change(MANAGER, { Actions: { '#Manager.Reset': null } });
    expect(await failureOf(bench.call('bmc_reset'))).toMatchObject({
      status: 400,
      code: 'UnsupportedDriverExtension',
    });
  });

  it('refuses a value that is no boolean', async () => {
    await start();
    expect(await failureOf(bench.call('bmc_reset', { warm: 'banana' }))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  });
});
