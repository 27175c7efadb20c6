import {
  EventService,
  type JsonObject,
  textAt,
  type StreamedEvent,
  type StreamOptions,
} from '../../index.js';
import { clientOf, failureOf, quickClients, useBmc } from '../../bmc.spec-support.js';

const SERVICE = '/redfish/v1/EventService';
const STREAM = `${SERVICE}/SSE`;

const lab = useBmc({ sockets: 1 });
const events = () => new EventService(lab.client);
const send = (Message: string) => events().submitTestEvent({ Message });
const opened = () => lab.bmc.requests.filter(({ path }) => path === STREAM);
const isOpen = async (times = 1): Promise<void> =>
  lab.bmc.waitFor(() => opened().filter(({ status }) => status === 200).length >= times);
const isClosed = async (): Promise<void> =>
  lab.bmc.waitFor(() => opened().every(({ outcome }) => outcome !== 'pending'));

/** The messages of the next events, while `meanwhile` runs once the stream is open. */
async function messages(
  count: number,
  meanwhile: () => Promise<unknown>,
  options: StreamOptions = {},
): Promise<(readonly [string | undefined, string])[]> {
  const seen: StreamedEvent[] = [];
  const reading = (async () => {
    for await (const event of events().stream(options)) if (seen.push(event) === count) return;
  })();
  await Promise.all([reading, isOpen().then(meanwhile)]);
  return seen.map(({ id, body }) => [id, textAt((body['Events'] as JsonObject[])[0], 'Message') ?? '']);
}

describe('an event stream', () => {
  it('has the events as they happen, on a socket beside that of other requests', async () => {
    expect(
      await messages(2, async () => {
        await send('one');
        await send('two');
      }),
    ).toEqual([
      ['1', 'one'],
      ['2', 'two'],
    ]);
    await isClosed();
    const [stream] = opened();
    const others = lab.bmc.requests.filter(({ path }) => path !== STREAM);
    expect(others.map(({ connection }) => connection)).not.toContain(stream?.connection);
    expect(stream?.headers['accept']).toBe('text/event-stream');
  });

  it('is no subscription any more when nobody reads it', async () => {
    await messages(1, async () => send('one'));
    await isClosed();
    expect((await events().list()).subscriptions).toEqual([]);
  });

  it('may be silent for longer than any answer may take', async () => {
    const firstByte = 200;
    await lab.reopen({ timeouts: { firstByte } });
    const patient = quickClients();
    const other = clientOf(patient, lab.bmc);
    const meanwhile = async (): Promise<void> => {
      const began = performance.now();
      while (performance.now() - began < 2 * firstByte) await other.get(SERVICE);
      await new EventService(other).submitTestEvent({ Message: 'late' });
    };
    expect(await messages(1, meanwhile)).toEqual([['1', 'late']]);
    await patient.close();
    expect(opened()).toHaveLength(1);
  });

  it('ends with the signal, and closes its socket', async () => {
    const abort = new AbortController();
    const reading = failureOf(messages(1, async () => undefined, { signal: abort.signal }));
    await isOpen();
    abort.abort(new Error('enough'));
    expect(await reading).toMatchObject({ message: 'enough' });
    await isClosed();
    await lab.client.get(SERVICE);
  });

  it('ends when the pool is closed', async () => {
    const reading = failureOf(messages(1, async () => undefined));
    await isOpen();
    await lab.clients.close();
    expect(await reading).toMatchObject({ code: 'closed' });
    await isClosed();
  });

  it('is opened again after it broke, from the last event on', async () => {
    expect(
      await messages(3, async () => {
        await send('one');
        await send('two');
        lab.bmc.restart();
        await send('three');
      }),
    ).toEqual([
      ['1', 'one'],
      ['2', 'two'],
      ['3', 'three'],
    ]);
    const answered = opened().filter(({ status }) => status === 200);
    expect(answered.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, expect.any(String)]);
  });

  it('is opened again after the web server of the BMC answered in place of its service', async () => {
    const restart = async (): Promise<void> => {
      lab.bmc.misbehave({ html504: { path: STREAM, times: 2 } });
      lab.bmc.restart();
      await isOpen(2);
      await send('one');
    };
    expect(await messages(1, restart)).toEqual([['1', 'one']]);
    expect(opened().filter(({ status }) => status === 504)).toHaveLength(2);
  });

  it('is opened again after a silence', async () => {
    const again = async (): Promise<unknown> => isOpen(2).then(async () => send('one'));
    const seen = await messages(1, again, { silence: 30, lastEventId: '0' });
    expect(seen).toEqual([['1', 'one']]);
    expect(opened().length).toBeGreaterThan(1);
  });

  it('fails for an event that is larger than a body may be', async () => {
    await lab.reopen({ maxBody: 5_000 });
    const patient = quickClients();
    const events = new EventService(clientOf(patient, lab.bmc));
    const send = async (): Promise<unknown> => events.submitTestEvent({ Message: 'x'.repeat(6_000) });
    expect(await failureOf(messages(1, send))).toMatchObject({
      code: 'response',
      url: lab.bmc.address + STREAM,
      message: expect.stringContaining('longer than 5000 characters'),
    });
    await patient.close();
    await isClosed();
  });

  it('begins after an event that was seen before', async () => {
    for (const text of ['one', 'two', 'three']) await send(text);
    expect(await messages(2, async () => undefined, { lastEventId: '1' })).toEqual([
      ['2', 'two'],
      ['3', 'three'],
    ]);
  });

  it.each([
    ['', { code: 'missing', property: 'ServerSentEventUri', resource: SERVICE }],
    ['/redfish/v1/Nothing?x=1', { code: 'not-found' }],
    ['/redfish/v1/Systems?x=1', { code: 'response', contentType: expect.stringContaining('json') }],
    ['https://192.0.2.1/stream', { code: 'foreign-link' }],
  ])('that is not there (%j) is an error at once', async (ServerSentEventUri, failure) => {
    lab.bmc.change(SERVICE, { ServerSentEventUri });
    expect(await failureOf(events().stream().next())).toMatchObject(failure);
  });
});
