import { BadArguments, failureOf } from '../../test/bench.js';
import { bench, bmc, start } from '../../test/started.js';

const sent = () =>
  bmc.requests.filter(({ path }) => path.endsWith('.SubmitTestEvent')).map(({ body }) => body);

describe('submit_test_event', () => {
  it('sends what was asked for, and a value for the rest', async () => {
    await start();
    const asked = { message_id: 'Base.1.8.Success', message: 'Hello.', severity: 'Warning' };
    const event = {
      EventType: 'Alert',
      EventId: '1',
      EventTimestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      Severity: 'Warning',
      Message: 'Hello.',
      MessageId: 'Base.1.8.Success',
      MessageArgs: [],
      OriginOfCondition: '/redfish/v1/EventService',
    };
    expect(await bench.ask('submit_test_event', asked)).toEqual({ event });
    expect(sent()).toEqual([event]);
  });

  it('leaves out parameters that the BMC does not know', async () => {
    await start({ misbehave: { testEventRefuses: ['MessageArgs', 'EventTimestamp'] } });
    const { event } = await bench.ask('submit_test_event');
    expect(event).not.toHaveProperty('MessageArgs');
    expect(event).not.toHaveProperty('EventTimestamp');
    expect(sent()).toHaveLength(3);
  });

  it("answers 400 with the BMC's words where it refuses what was asked for", async () => {
    await start({ misbehave: { testEventRefuses: ['Severity'] } });
    expect(await failureOf(bench.call('submit_test_event', { severity: 'OK' }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('Severity'),
    });
    expect(sent()).toHaveLength(1);
  });

  it('chooses an EventType that the BMC has', async () => {
    await start();
    bmc.change('/redfish/v1/EventService', { EventTypesForSubscription: ['StatusChange'] });
    expect(await bench.ask('submit_test_event')).toMatchObject({ event: { EventType: 'StatusChange' } });
  });

  it('does not send again what may have been done', async () => {
    await start({
      misbehave: { resetOnce: { when: 'after-effect', method: 'POST', path: 'SubmitTestEvent' } },
    });
    expect(await failureOf(bench.call('submit_test_event'))).toMatchObject({
      code: 'OutcomeUnknown',
      status: 500,
      message: expect.stringContaining('The request was sent; the BMC may have done it.'),
    });
    expect(sent()).toHaveLength(1);
  });

  it('is not supported without the action', async () => {
    await start();
    const actions = { '#EventService.SubmitTestEvent': null };
    bmc.change('/redfish/v1/EventService', { Actions: actions });
    expect(await failureOf(bench.call('submit_test_event'))).toMatchObject({
      code: 'UnsupportedDriverExtension',
    });
  });

  it.each([{ severity: 'Fatal' }, { message: 1 }, { x: 1 }])('refuses %j', async (args) => {
    await start();
    expect(await failureOf(bench.call('submit_test_event', args))).toBeInstanceOf(BadArguments);
    expect(bmc.requests).toEqual([]);
  });
});
