import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http';
import { portOf } from '../server/black-hole.js';
import { call, SUBSCRIPTIONS, SYSTEMS, useBmc } from '../client.spec-support.js';
import { linksOf, parseJson, type Json } from '../tree/json.js';

const SYSTEM = `${SYSTEMS}/1`;
const STREAM = '/redfish/v1/EventService/SSE';
const TEST = '/redfish/v1/EventService/Actions/EventService.SubmitTestEvent';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly event: Json | undefined;
}

describe('events', () => {
  const lab = useBmc();
  let server: Server;
  const received: Received[] = [];
  let onEvent: (() => void) | undefined;
  beforeEach(async () => {
    received.length = 0;
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        received.push({ headers: request.headers, event: parseJson(text) });
        response.end();
        onEvent?.();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  const destination = (): string => {
    return `http://127.0.0.1:${portOf(server)}/events`;
  };
  const subscribe = async (fields: Record<string, Json> = {}): Promise<void> => {
    const body = { Destination: destination(), Protocol: 'Redfish', Context: 'c', EventTypes: [], ...fields };
    expect((await call(lab.bmc, 'POST', SUBSCRIPTIONS, { body })).status).toBe(201);
  };
  const events = async (count: number): Promise<Received[]> => {
    await new Promise<void>((resolve) => {
      onEvent = () => received.length >= count && resolve();
      onEvent();
    });
    return received;
  };
  const power = (ResetType: string) =>
    call(lab.bmc, 'POST', `${SYSTEM}/Actions/ComputerSystem.Reset`, { body: { ResetType } });

  it('of SubmitTestEvent reach a subscriber with its context and headers', async () => {
    await subscribe({ HttpHeaders: [{ 'X-Key': 'k' }] });
    const body = {
      MessageId: 'Alert.1.0.Fan',
      Message: 'A fan stopped.',
      MessageArgs: ['2'],
      Severity: 'Critical',
    };
    expect((await call(lab.bmc, 'POST', TEST, { body })).status).toBe(204);
    const [first] = await events(1);
    expect(first?.headers['x-key']).toBe('k');
    expect(first?.event).toMatchObject({
      '@odata.type': '#Event.v1_4_0.Event',
      Context: 'c',
      Events: [
        { MessageId: 'Alert.1.0.Fan', Message: 'A fan stopped.', MessageArgs: ['2'], Severity: 'Critical' },
      ],
    });
  });

  it('tell of changes', async () => {
    await subscribe();
    await power('ForceOff');
    await call(lab.bmc, 'PATCH', SYSTEM, { body: { AssetTag: 'x' } });
    const seen = await events(2);
    expect(seen.map(({ event }) => event)).toMatchObject([
      { Events: [{ EventType: 'ResourceUpdated', OriginOfCondition: { '@odata.id': SYSTEM } }] },
      { Events: [{ MessageId: 'ResourceEvent.1.0.ResourceChanged' }] },
    ]);
  });

  it('come only in the types that a subscriber asked for', async () => {
    await subscribe({ EventTypes: ['Alert'] });
    await power('ForceOff');
    await call(lab.bmc, 'POST', TEST, { body: {} });
    expect((await events(1)).map(({ event }) => event)).toMatchObject([{ Events: [{ EventType: 'Alert' }] }]);
  });

  it.each([
    [{ MessageIds: ['Alert.Fan'] }, { MessageId: 'Alert.1.0.Fan' }],
    [{ RegistryPrefixes: ['Alert'] }, { MessageId: 'Alert.1.0.Fan' }],
    [{ ResourceTypes: ['Systems'] }, { OriginOfCondition: { '@odata.id': SYSTEM } }],
  ])('come only as chosen by %j', async (choice, seen) => {
    await subscribe(choice);
    const send = (MessageId: string) => call(lab.bmc, 'POST', TEST, { body: { MessageId } });
    await send('Base.1.0.Success');
    await send('Alert.1.0.Fan');
    await power('ForceOff');
    await call(lab.bmc, 'PATCH', '/redfish/v1/Managers/BMC', { body: { DateTime: '2026-01-01T00:00:00Z' } });
    expect((await events(1)).map(({ event }) => event)).toMatchObject([{ Events: [seen] }]);
  });

  it('that are refused or fail tell nobody', async () => {
    await subscribe();
    await power('Explode');
    expect((await call(lab.bmc, 'POST', TEST, { body: { Message: 1 } })).status).toBe(400);
    await call(lab.bmc, 'POST', TEST, { body: { Message: 'last' } });
    expect((await events(1)).map(({ event }) => event)).toMatchObject([{ Events: [{ Message: 'last' }] }]);
  });

  it('reach an open stream, which is a subscription meanwhile', async () => {
    const basic = Buffer.from(`${lab.bmc.username}:${lab.bmc.password}`).toString('base64');
    const stream = await new Promise<AsyncIterable<Buffer> & { destroy(): void }>((resolve, reject) => {
      const request = get(
        new URL(STREAM, lab.bmc.url),
        { headers: { Authorization: `Basic ${basic}` } },
        resolve,
      );
      request.on('error', reject);
    });
    const members = async (): Promise<string[]> =>
      linksOf((await call(lab.bmc, 'GET', SUBSCRIPTIONS)).body['Members']);
    const [member = ''] = await members();
    expect((await call(lab.bmc, 'GET', member)).body).toMatchObject({
      Destination: '',
      SubscriptionType: 'SSE',
    });
    await power('ForceOff');
    for await (const chunk of stream) {
      expect(chunk.toString()).toMatch(/^id: 1\ndata: \{.*"EventType":"ResourceUpdated".*\}\n\n$/);
      break;
    }
    stream.destroy();
    await lab.bmc.waitFor(({ inFlight }) => inFlight.current === 0);
    expect(await members()).toEqual([]);
  });

  it('need credentials as a stream', async () => {
    expect((await call(lab.bmc, 'GET', STREAM, { as: 'none' })).status).toBe(401);
  });
});
