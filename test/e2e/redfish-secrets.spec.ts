import {
  type BmcOptions,
  type BmcServer,
  type JsonObject,
  type Misbehaviours,
  startBmc,
} from '@ferrule/bmc-simulator';
import { type Answer, type Ask, type HttpClient } from '../support/http-client.js';
import { call, ended, jobOf } from '../support/passthru.js';
import { createRedfishNode, EXTENDED, passthru } from '../support/redfish.js';
import { type DataDirectory, dataDirectory, type Service } from '../support/service.js';

const PASSWORD = 'planted-pw "quoted" wörd';
const HEADER = 'planted-header-7c1';
const USERINFO = 'planted-userinfo-5d2';
const BODY = 'planted-body-9e4';
const WANTED = {
  Destination: 'https://192.0.2.1/events',
  HttpHeaders: [{ Authorization: `Bearer ${HEADER}` }],
};
const PROBLEM: Ask = { headers: { Accept: 'application/problem+json' } };

const FAILURES: readonly Misbehaviours[] = [
  { quotesRequests: true, refuseProperties: ['HttpHeaders'] },
  { quotesRequests: true, refuseProperties: ['Context'] },
  { quotesRequests: true, refuseProperties: ['Context'], errorShape: 'plain-text' },
  { quotesRequests: true, refuseProperties: ['Context'], errorShape: 'html' },
  { quotesRequests: true, refuseProperties: ['Context'], errorShape: 'json-string' },
  { quotesRequests: true, refuseProperties: ['Context'], errorShape: 'other-code' },
  { quotesRequests: true, noSessionService: true, refuseProperties: ['Context'] },
  { html200: true },
  { html400: true },
  { errorIn200: true },
  { truncatedJson: true },
  { forbiddenWithLicence: true },
  { spurious401: true },
  { passwordChangeRequired: '201' },
  { noFreeSession: true, basicRefused: true },
];

const VIEWS = ['/v1/jobs', '/v1/nodes', '/v1/nodes/detail', '/v1/nodes?detail=true', '/v1/drivers/redfish'];

describe('secrets of redfish nodes', () => {
  let directory: DataDirectory;
  let service: Service;
  const shown: string[] = [];
  const tokens = new Set<string>();
  beforeEach(() => {
    shown.length = 0;
    tokens.clear();
  });
  beforeAll(async () => {
    directory = await dataDirectory();
    service = await directory.start({
      FERRULE_ENABLED_HARDWARE_TYPES: 'redfish',
      FERRULE_LOG_LEVEL: 'trace',
      FERRULE_REDFISH_REQUEST_ALLOW: '* /redfish/v1/*',
    });
  });
  afterAll(() => directory.dispose());

  async function see(answer: Promise<Answer>): Promise<Answer> {
    const seen = await answer;
    shown.push(JSON.stringify(seen.headers), seen.text);
    return seen;
  }

  async function drive(
    http: HttpClient,
    node: string,
    verb: 'GET' | 'POST' | 'DELETE',
    method: string,
    args?: JsonObject,
  ): Promise<Answer> {
    const answer = await see(passthru(http, verb, node, method, args));
    await see(passthru(http, verb, node, method, args, PROBLEM));
    return answer;
  }

  async function eject(http: HttpClient, node: string): Promise<string> {
    const answer = await see(call(http, node, 'eject_vmedia'));
    const path = jobOf(answer);
    const { state } = await ended(http, path);
    await see(http.get(path));
    return state;
  }

  async function plantedBmc(options: Pick<BmcOptions, 'profile' | 'misbehave'> = {}): Promise<BmcServer> {
    const bmc = await startBmc({ password: PASSWORD, ...options });
    bmc.onRequest(({ headers }) => {
      for (const name of ['x-auth-token', 'authorization']) {
        const value = headers[name]?.replace(/^Basic /, '');
        if (value !== undefined) tokens.add(value);
      }
    });
    return bmc;
  }

  async function views(http: HttpClient, node: string): Promise<void> {
    for (const path of [...VIEWS, `/v1/nodes/${node}`, `/v1/nodes/${node}/states`]) {
      (await see(http.get(path))).expect(200);
    }
    (await see(http.get(`/v1/nodes/${node}/validate`))).expect(200);
  }

  function expectNothingShown(): void {
    // Secrets may be escaped for JSON or for URLs.
    const plain = [PASSWORD, 'planted', 'wörd', ...tokens];
    const secrets = plain.flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
    ]);
    const leaks = (text: string) =>
      secrets.flatMap((secret) => {
        const at = text.indexOf(secret);
        return at < 0 ? [] : [text.slice(Math.max(0, at - 80), at + secret.length)];
      });
    expect(shown.flatMap(leaks)).toEqual([]);
    expect(leaks(service.log)).toEqual([]);
  }

  it('are not shown when calls succeed', async () => {
    const { http } = service;
    const bmc = await plantedBmc({ misbehave: { echoesHttpHeaders: true } });
    try {
      const node = await createRedfishNode(http, bmc, {}, EXTENDED);
      bmc.insert(bmc.media[0]?.path ?? '');
      const made = await drive(http, node, 'POST', 'create_subscription', WANTED);
      const { Id: id } = made.expect(200).json<{ Id: string }>();
      (await drive(http, node, 'GET', 'get_subscription', { id })).expect(200);
      (await drive(http, node, 'GET', 'get_all_subscriptions', { expand: true })).expect(200);
      const path = `/redfish/v1/EventService/Subscriptions/${id}`;
      const read = (await drive(http, node, 'POST', 'redfish_request', { path })).expect(200);
      expect(read.json()).toMatchObject({ body: { HttpHeaders: [{ Authorization: '******' }] } });
      const body = { HttpHeaders: [{ 'X-Api-Key': BODY }] };
      (await drive(http, node, 'POST', 'redfish_request', { verb: 'PATCH', path, body })).expect(200);
      expect(bmc.subscriptions).toMatchObject([body]);
      expect(await eject(http, node)).toBe('succeeded');
      (await drive(http, node, 'DELETE', 'delete_subscription', { id })).expect(200);
      await views(http, node);
    } finally {
      await bmc.close();
    }
    expect([...tokens].length).toBeGreaterThan(0);
    expectNothingShown();
  });

  it.each(FAILURES)('are not shown when a BMC answers with %j', async (misbehave) => {
    const { http } = service;
    const bmc = await plantedBmc();
    try {
      const node = await createRedfishNode(http, bmc, {}, EXTENDED);
      if (!('noSessionService' in misbehave) && !('noFreeSession' in misbehave)) {
        (await see(passthru(http, 'GET', node, 'get_all_subscriptions'))).expect(200);
      }
      bmc.misbehave(misbehave);
      const answer = await drive(http, node, 'POST', 'create_subscription', WANTED);
      await drive(http, node, 'POST', 'redfish_request', {
        verb: 'POST',
        path: '/redfish/v1/EventService/Subscriptions',
        body: { ...WANTED, Context: '', Password: BODY },
      });
      if ('quotesRequests' in misbehave) {
        // 400 if the BMC names what the caller asked for.
        expect([400, 500]).toContain(answer.status);
        expect(bmc.requests.some(({ rawBody }) => rawBody.includes(HEADER))).toBe(true);
      }
      await views(http, node);
    } finally {
      await bmc.close();
    }
    expectNothingShown();
  });

  it('are not shown when a task fails with them in its messages', async () => {
    const { http } = service;
    const bmc = await plantedBmc({ profile: 'dell-idrac9' });
    try {
      const node = await createRedfishNode(http, bmc, {}, EXTENDED);
      await see(passthru(http, 'GET', node, 'get_all_subscriptions'));
      const text = `login of admin with ${PASSWORD} and ${[...tokens].join(' ')} failed`;
      const taskSteps = {
        polls: 1,
        retryAfter: 0,
        final: 'Exception',
        messages: [{ id: 'X.1.Y', text }],
      } as const;
      bmc.misbehave({ eject: '202-task', createAnswer: '202-task', taskSteps });
      bmc.insert(bmc.media[0]?.path ?? '');
      expect(await eject(http, node)).toBe('failed');
      expect((await drive(http, node, 'POST', 'create_subscription', WANTED)).status).toBe(500);
      await views(http, node);
    } finally {
      await bmc.close();
    }
    expectNothingShown();
    // The text was shown.
    expect(shown.some((each) => /login of admin with \*+ and/.test(each))).toBe(true);
    expect(service.log).toMatch(/login of admin with \*+ and/);
  });

  it('are not shown when the BMC is unreachable', async () => {
    const { http } = service;
    const bmc = await plantedBmc();
    await bmc.close();
    const address = bmc.address.replace('http://', `http://admin:${USERINFO}@`);
    const nodes = [
      await createRedfishNode(http, bmc, {}, EXTENDED),
      await createRedfishNode(http, bmc, { redfish_address: address, redfish_username: undefined }, EXTENDED),
      await createRedfishNode(http, bmc, { redfish_address: address.replace('http:', 'https:') }, EXTENDED),
    ];
    await Promise.all(
      nodes.map(async (node) => {
        const answers = await Promise.all([
          see(passthru(http, 'POST', node, 'create_subscription', WANTED)),
          see(passthru(http, 'GET', node, 'get_all_subscriptions', {}, PROBLEM)),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([500, 502]);
        await views(http, node);
      }),
    );
    expectNothingShown();
  });

  it('are not shown when they are in an invalid address', async () => {
    const { http } = service;
    const bmc = await plantedBmc();
    try {
      for (const redfish_address of [
        `http://admin:${USERINFO}@`,
        `ftp://admin:${USERINFO}@192.0.2.1`,
        `http://admin:${USERINFO}@bmc example`,
        `http://admin:${USERINFO}@169.254.169.254/`,
      ]) {
        const node = await createRedfishNode(http, bmc, { redfish_address }, EXTENDED);
        (await drive(http, node, 'GET', 'get_all_subscriptions')).expect(400);
        (await drive(http, node, 'POST', 'create_subscription', WANTED)).expect(400);
        await views(http, node);
      }
    } finally {
      await bmc.close();
    }
    expectNothingShown();
  });

  it('are not shown when arguments are refused', async () => {
    const { http } = service;
    const bmc = await plantedBmc();
    try {
      const node = await createRedfishNode(http, bmc, {}, EXTENDED);
      const secret = { Authorization: `Bearer ${HEADER}` };
      for (const wrong of [
        { HttpHeaders: secret },
        { HttpHeaders: [secret, 7] },
        { HttpHeaders: [{ [`a b ${HEADER}`]: 'x' }] },
        { HttpHeaders: [{ a: `${HEADER}\r\n` }] },
        { HttpHeaders: `Authorization: ${HEADER}` },
        { Destination: `https://admin:${USERINFO}@192.0.2.1/` },
        { Destination: `ftp://admin:${USERINFO}@192.0.2.1/` },
        { Destination: 'http://169.254.169.254/' },
        { Context: 7 },
      ]) {
        (await drive(http, node, 'POST', 'create_subscription', { ...WANTED, ...wrong })).expect(400);
      }
      for (const body of [[BODY], { [BODY]: 1 }]) {
        const path = 'http://elsewhere/';
        (await drive(http, node, 'POST', 'redfish_request', { verb: 'PATCH', path, body })).expect(400);
      }
      expect(bmc.requests).toEqual([]);
    } finally {
      await bmc.close();
    }
    expectNothingShown();
  });
});
