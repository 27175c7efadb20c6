import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Receiver } from '../../test/support/receiver.js';
import { until } from '../../test/support/until.js';
import { NotAcknowledged, WebhookReceiver } from './webhook.receiver.js';

const LIMIT_MS = 200;
const MESSAGE = { id: '5e0d9f0e-4c1c-4f6c-9f6b-0a7c2a3b4c5d', body: '{"type":"job.ended","data":"ä"}' };
const keys = [randomBytes(24), randomBytes(64)];

describe('WebhookReceiver', () => {
  let server: Receiver;
  let receiver: WebhookReceiver;
  beforeEach(async () => {
    server = await Receiver.open();
    receiver = new WebhookReceiver(`${server.url}/hooks/planted?token=planted`, keys, 2, LIMIT_MS);
  });
  afterEach(async () => {
    await receiver.close();
    await server.close();
  });

  const failure = async (): Promise<NotAcknowledged> => {
    const error: unknown = await receiver.post(MESSAGE).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof NotAcknowledged) return error;
    throw new Error(`Not what was expected: ${String(error)}`);
  };

  it('posts what the verifiers of Standard Webhooks accept by each of the secrets, and nothing else', async () => {
    await receiver.post(MESSAGE);
    expect(server.received).toMatchObject([
      { method: 'POST', path: '/hooks/planted?token=planted', body: MESSAGE.body },
    ]);
    const { headers = {}, body = '' } = server.received[0] ?? {};
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': MESSAGE.id });
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    for (const key of keys) {
      const verifier = new Webhook(`whsec_${key.toString('base64')}`);
      expect(verifier.verify(body, sent)).toEqual({ type: 'job.ended', data: 'ä' });
      expect(() => verifier.verify(`${body} `, sent)).toThrow('No matching signature');
      expect(() => verifier.verify(body, { ...sent, 'webhook-id': 'other' })).toThrow(
        'No matching signature',
      );
    }
    expect(() => new Webhook(`whsec_${randomBytes(32).toString('base64')}`).verify(body, sent)).toThrow();
  });

  it.each([200, 201, 299])('takes %d for an acknowledgement', async (status) => {
    server.reaction = (_, response) => void response.writeHead(status).end('thanks');
    await expect(receiver.post(MESSAGE)).resolves.toBeUndefined();
  });

  it.each([302, 307, 400, 401, 410, 500, 503])(
    'takes %d for none, and follows no redirect',
    async (status) => {
      server.reaction = (_, response) => void response.writeHead(status, { Location: server.url }).end();
      expect(await failure()).toMatchObject({ message: `The answer was ${status}`, pause: undefined });
      expect(server.received).toHaveLength(1);
    },
  );

  it('tells how long the receiver asks to wait, up to an hour', async () => {
    server.reaction = (_, response) => void response.writeHead(429, { 'Retry-After': '7' }).end();
    expect((await failure()).pause).toBe(7);
    server.reaction = (_, response) => void response.writeHead(503, { 'Retry-After': '999999' }).end();
    expect((await failure()).pause).toBe(3_600);
    server.reaction = (_, response) => void response.writeHead(503, { 'Retry-After': 'soon' }).end();
    expect((await failure()).pause).toBeUndefined();
  });

  it('gives up an attempt without an answer', async () => {
    server.reaction = () => {};
    expect((await failure()).message).toBe('No answer within 0.2 s');
  });

  it('reads neither a long nor an endless body, and takes the status as the answer', async () => {
    let written = 0;
    server.reaction = (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    await receiver.post(MESSAGE);
    expect(written).toBeLessThan(50_000_000);

    let isGone = false;
    server.reaction = (_, response) => {
      response.writeHead(200).write('.');
      response.once('close', () => (isGone = true));
    };
    await receiver.post(MESSAGE);
    await until(() => isGone);
  });

  it('ends what runs when it is closed', async () => {
    server.reaction = () => {};
    const patient = new WebhookReceiver(server.url, keys, 2);
    const posting = expect(patient.post(MESSAGE)).rejects.toThrow('The service is stopping');
    await until(() => server.received.length > 0);
    await patient.close();
    await posting;
  });

  it('has a name without the parts of the URL that may be secret', () => {
    expect(receiver.name).toBe(server.url);
  });
});
