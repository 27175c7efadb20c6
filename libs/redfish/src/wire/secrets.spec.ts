import { type BmcServer, type Misbehaviours, startBmc } from '@ferrule/bmc-simulator';
import { createServer, type Server } from 'node:http';
import { inspect } from 'node:util';
import { failureOf, quickClients, targetOf } from '../bmc.spec-support.js';
import { RedfishError, type RedfishPool, type RedfishEvent } from '../index.js';

const SYSTEM = '/redfish/v1/Systems/1';
const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const PASSWORD = 'planted "pass" wörd';
const HEADER = 'planted-header-value';
const PAYLOAD = {
  Destination: 'ftp://192.0.2.1/',
  Protocol: 'Redfish',
  Context: 'c',
  HttpHeaders: [{ Authorization: `Bearer ${HEADER}` }],
};

function everything(value: unknown): string {
  return [
    inspect(value, { depth: 12, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
  ].join('\n');
}

describe('a secret', () => {
  let events: RedfishEvent[];
  let clients: RedfishPool;
  beforeEach(() => {
    events = [];
    clients = quickClients({ observer: (event) => events.push(event), timeouts: { firstByte: 100 } });
  });
  afterEach(async () => clients.close());

  describe('sent to a BMC that fails', () => {
    let bmc: BmcServer;
    beforeEach(async () => {
      bmc = await startBmc({ password: PASSWORD });
    });
    afterEach(async () => bmc.close());

    it.each<Misbehaviours>([
      { html400: true },
      { html504: true },
      { errorIn200: true },
      { truncatedJson: true },
      { jsonStringError: true },
      { forbiddenWithLicence: true },
      { neverAnswers: true },
      { resetOnce: { when: 'after-effect', times: 9 } },
      { cutBody: true },
      { noFreeSession: true, basicRefused: true },
      { passwordChangeRequired: '201' },
      { sessionTokenMissing: true, basicRefused: true },
      { spurious401: true },
      { noSessionService: true, basicRefused: true },
      { notReady: { kind: 'sys518', times: 99, retryAfter: 0 } },
    ])('does not show in errors and events: %j', async (switches) => {
      bmc.misbehave(switches);
      const client = clients.client(targetOf(bmc));
      const failures = [
        await failureOf(client.get(SYSTEM)),
        await failureOf(client.post(SUBSCRIPTIONS, PAYLOAD)),
      ];
      const tokens = bmc.requests.flatMap(({ headers }) => [
        headers['x-auth-token'],
        headers['authorization'],
      ]);
      const secrets = [PASSWORD, 'planted', HEADER, ...tokens.filter((token) => token !== undefined)];
      for (const failure of failures) expect(failure).toBeInstanceOf(RedfishError);
      const shown = everything([...failures, events, client, clients]);
      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    });
  });

  describe('sent to a BMC that quotes it', () => {
    let server: Server;
    let origin: string;
    beforeEach(async () => {
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const isRoot = request.method === 'GET' && request.url === '/redfish/v1/';
          const quoted = `${JSON.stringify(request.headers)} ${Buffer.concat(chunks).toString()}`;
          const decoded = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString();
          const error = {
            '@Message.ExtendedInfo': [
              { MessageId: 'X.1.Y', Message: quoted + decoded, MessageArgs: [quoted] },
            ],
          };
          response.writeHead(isRoot ? 200 : 400, { 'content-type': 'application/json' });
          response.end(JSON.stringify(isRoot ? { '@odata.id': '/redfish/v1/' } : { error }));
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    });
    afterEach(async () => {
      await clients.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    });

    it.each(['basic', 'session', 'auto'] as const)('is masked in its messages, with %s', async (auth) => {
      const bmc = { url: origin, username: 'admin', password: PASSWORD };
      const client = clients.client(targetOf(bmc, { auth }));
      const error = await failureOf(client.post(SUBSCRIPTIONS, PAYLOAD));
      expect(error).toMatchObject({ code: 'validation', status: 400 });
      expect(String(error)).toContain('***');
      const shown = everything(error);
      const basic = Buffer.from(`admin:${PASSWORD}`).toString('base64');
      expect([PASSWORD, 'wörd', HEADER, basic].filter((secret) => shown.includes(secret))).toEqual([]);
    });
  });
});
