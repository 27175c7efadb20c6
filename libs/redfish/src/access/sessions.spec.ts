import { type BmcServer, type Misbehaviours, startBmc } from '@ferrule/driver-testing';
import { clientOf, failureOf, quickClients, targetOf } from '../bmc.spec-support.js';
import {
  RedfishAccessError,
  RedfishCircuitOpenError,
  RedfishNoFreeSessionError,
  RedfishPasswordChangeRequiredError,
  type RedfishClients,
  type RedfishEvent,
} from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('the session of a BMC', () => {
  let bmc: BmcServer;
  let clients: RedfishClients;
  let events: RedfishEvent[];

  beforeEach(async () => {
    bmc = await startBmc();
    events = [];
    clients = quickClients({ observer: (event) => events.push(event) });
  });
  afterEach(async () => {
    await clients.close();
    await bmc.close();
  });

  const requests = (method: string, path: string): number =>
    bmc.requests.filter((request) => request.method === method && request.path.includes(path)).length;

  it('is one for 1,000 calls of 50 callers at a time, over two sockets, and none is left', async () => {
    const callers = Array.from({ length: 50 }, async () => {
      for (let call = 0; call < 20; call += 1) await clientOf(clients, bmc).get(SYSTEMS);
    });
    await Promise.all(callers);
    expect(bmc).toMatchObject({ logins: 1, loginAttempts: 1, sessions: 1 });
    expect(requests('GET', SYSTEMS)).toBe(1_000);
    expect(bmc.connections.max).toBeLessThanOrEqual(2);
    expect(bmc.inFlight.max).toBeLessThanOrEqual(2);
    await clients.close();
    expect(bmc.sessions).toBe(0);
    await bmc.waitFor(({ connections }) => connections.current === 0);
  });

  it('is shared by all nodes with the same credential', async () => {
    for (const node of ['node-1', 'node-2', 'node-3'])
      await clients.client(targetOf(bmc, {}, node)).get(SYSTEMS);
    expect(bmc.logins).toBe(1);
  });

  it('is renewed on 401, once for all callers, and the call is repeated whatever its verb', async () => {
    const client = clientOf(clients, bmc);
    await client.get(SYSTEMS);
    bmc.expireSessions();
    await Promise.all(Array.from({ length: 20 }, async () => client.get(SYSTEMS)));
    expect(bmc).toMatchObject({ logins: 2, sessions: 1 });
    bmc.expireSessions();
    const created = await client.post('/redfish/v1/EventService/Subscriptions', {
      Destination: 'https://192.0.2.1/',
      Protocol: 'Redfish',
      Context: '',
    });
    expect(created.status).toBe(201);
    expect(bmc.subscriptions).toHaveLength(1);
  });

  it('does not stay behind when the BMC answers 401 for no reason', async () => {
    const client = clientOf(clients, bmc);
    await client.get(SYSTEMS);
    bmc.misbehave({ spurious401: { path: 'Systems', times: 1 } });
    await client.get(SYSTEMS);
    await bmc.waitFor(({ sessions }) => sessions === 1);
    expect(bmc.logins).toBe(2);
  });

  it('survives a 401 whose body is broken off', async () => {
    const client = clientOf(clients, bmc);
    await client.get(SYSTEMS);
    bmc.misbehave({ brokenChunkOn401: true });
    bmc.expireSessions();
    expect((await client.get(SYSTEMS)).status).toBe(200);
  });

  it('is not renewed on 403: the message is read, the request is sent once', async () => {
    const client = clientOf(clients, bmc);
    await client.get(SYSTEMS);
    bmc.misbehave({ forbiddenWithLicence: { path: 'Systems' } });
    const error = await failureOf(client.get(`${SYSTEMS}/1`));
    expect(error).toBeInstanceOf(RedfishAccessError);
    expect(error).toMatchObject({
      code: 'access',
      status: 403,
      reason: expect.stringMatching(/licen[sc]e/i),
    });
    expect(bmc.logins).toBe(1);
    expect(requests('GET', `${SYSTEMS}/1`)).toBe(1);
  });

  it('is refused by name when all are taken, and the login is not repeated', async () => {
    bmc.misbehave({ noFreeSession: true });
    const error = await failureOf(clientOf(clients, bmc).get(SYSTEMS));
    expect(error).toBeInstanceOf(RedfishNoFreeSessionError);
    expect(error).toMatchObject({ code: 'no-free-session', status: 503 });
    expect(requests('POST', 'Sessions')).toBe(1);
  });

  it.each(['201', '403'] as const)('asks for a new password where the BMC says so with %s', async (how) => {
    bmc.misbehave({ passwordChangeRequired: how });
    const error = await failureOf(clientOf(clients, bmc).get(SYSTEMS));
    expect(error).toBeInstanceOf(RedfishPasswordChangeRequiredError);
    // Whether a session good for nothing else may be deleted is the BMC's affair; it was asked to.
    expect(requests('DELETE', 'Sessions')).toBe(how === '201' ? 1 : 0);
  });

  it.each<[string, Misbehaviours]>([
    ['is not there', { noSessionService: true }],
    ['gives no token', { sessionTokenMissing: true }],
  ])('falls back to basic where the service %s, and remembers it', async (_what, switches) => {
    bmc.misbehave(switches);
    const client = clientOf(clients, bmc);
    await client.get(SYSTEMS);
    const logins = requests('POST', 'Session');
    await Promise.all([client.get(SYSTEMS), clients.client(targetOf(bmc, {}, 'another')).get(SYSTEMS)]);
    expect(requests('POST', 'Session')).toBe(logins);
    expect(client.learned('session')).toBe('none');
  });

  it('is not replaced by basic where driver_info asks for a session', async () => {
    bmc.misbehave({ noSessionService: true });
    const error = await failureOf(clientOf(clients, bmc, { redfish_auth_type: 'session' }).get(SYSTEMS));
    expect(error).toMatchObject({ code: 'not-found' });
    expect(requests('GET', SYSTEMS)).toBe(0);
  });

  it('is not made where driver_info asks for basic, or names no user', async () => {
    await clientOf(clients, bmc, { redfish_auth_type: 'basic' }).get(SYSTEMS);
    expect(bmc.loginAttempts).toBe(0);
    const anonymous = clientOf(clients, bmc, { redfish_username: '', redfish_password: '' });
    expect(await failureOf(anonymous.get(SYSTEMS))).toMatchObject({ code: 'access', status: 401 });
    expect(bmc.loginAttempts).toBe(0);
  });

  it.each<[string, Misbehaviours]>([
    ['in the body only', { sessionLocationMissing: true }],
    ['nowhere', { sessionLocationMissing: 'and-body' }],
    ['at its own absolute URL', { sessionLocationAbsolute: 'own' }],
    ['at an address behind NAT', { sessionLocationAbsolute: 'foreign' }],
    ['at a place the root does not link', { sessionsLinkHidden: true }],
  ])('is deleted where the BMC tells its path %s', async (_where, switches) => {
    bmc.misbehave(switches);
    await clientOf(clients, bmc).get(SYSTEMS);
    expect(bmc.sessions).toBe(1);
    await clients.close();
    expect(bmc.sessions).toBe(0);
  });

  it('is made where a POST is redirected to the path with a slash', async () => {
    bmc.misbehave({ redirectOnPost: { path: 'Sessions', status: 301, to: 'slash' } });
    await clientOf(clients, bmc).get(SYSTEMS);
    expect(bmc.logins).toBe(1);
  });

  it.each(['with', 'without'] as const)('is made where paths must be %s a slash', async (slashes) => {
    bmc.misbehave({ slashes });
    const client = clientOf(clients, bmc, { redfish_system_id: (await systemPath()).replace(/\/$/, '') });
    expect((await client.system()).body['@odata.id']).toBeDefined();
    expect(bmc.logins).toBe(1);
  });

  const systemPath = async (): Promise<string> => Promise.resolve(`${SYSTEMS}/1`);

  it('is one login even when the answer to it was lost', async () => {
    bmc.misbehave({ resetOnce: { path: 'Sessions', method: 'POST', times: 1, when: 'before-effect' } });
    await clientOf(clients, bmc).get(SYSTEMS);
    expect(bmc).toMatchObject({ logins: 1, sessions: 1 });
  });

  it('tells the observer what happened, and no secret', async () => {
    await clientOf(clients, bmc).get(SYSTEMS);
    await clients.close();
    expect(events.map(({ kind }) => kind)).toEqual([
      'exchange',
      'exchange',
      'login',
      'exchange',
      'exchange',
      'logout',
    ]);
    expect(JSON.stringify(events)).not.toContain(bmc.password);
  });
});

describe('a BMC that refuses the credentials', () => {
  it('is asked three times, then left alone until the cooldown is over', async () => {
    const bmc = await startBmc({ misbehave: { lockAccountAfter: 4 } });
    const clients = quickClients({ circuit: { cooldown: 60_000 } });
    try {
      const client = clientOf(clients, bmc, { redfish_password: 'wrong-password' });
      for (let call = 0; call < 3; call += 1) {
        expect(await failureOf(client.get(SYSTEMS))).toMatchObject({ code: 'access', status: 401 });
      }
      bmc.forget();
      const error = await failureOf(client.get(SYSTEMS));
      expect(error).toBeInstanceOf(RedfishCircuitOpenError);
      expect(bmc.requests).toEqual([]);
      // The right password is another credential.
      expect((await clientOf(clients, bmc).get(SYSTEMS)).status).toBe(200);
    } finally {
      await clients.close();
      await bmc.close();
    }
  });

  it('sees no more than that of 50 calls at a time with basic', async () => {
    const bmc = await startBmc();
    const clients = quickClients();
    try {
      const client = clientOf(clients, bmc, {
        redfish_auth_type: 'basic',
        redfish_password: 'wrong-password',
      });
      const errors = await Promise.all(
        Array.from({ length: 50 }, async () => failureOf(client.get(SYSTEMS))),
      );
      const codes = errors.map((error) => (error instanceof RedfishCircuitOpenError ? 'open' : 'refused'));
      // Two are under way at a time, so that the one beside the third may be a fourth.
      expect(codes.filter((code) => code === 'refused').length).toBeLessThanOrEqual(4);
      expect(bmc.requests.length).toBeLessThanOrEqual(4);
    } finally {
      await clients.close();
      await bmc.close();
    }
  });
});
