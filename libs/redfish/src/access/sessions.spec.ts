import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, targetOf, useBmc } from '../bmc.spec-support.js';
import {
  RedfishAccessError,
  RedfishNoFreeSessionError,
  RedfishPasswordChangeRequiredError,
} from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('the session of a BMC', () => {
  const lab = useBmc();

  const requests = (method: string, path: string): number =>
    lab.bmc.requests.filter((request) => request.method === method && request.path.includes(path)).length;

  it('is one for 1,000 calls of 50 callers at a time, over two sockets, and none is left', async () => {
    const callers = Array.from({ length: 50 }, async () => {
      for (let call = 0; call < 20; call += 1) await clientOf(lab.clients, lab.bmc).get(SYSTEMS);
    });
    await Promise.all(callers);
    expect(lab.bmc).toMatchObject({ logins: 1, loginAttempts: 1, sessions: 1 });
    expect(requests('GET', SYSTEMS)).toBe(1_000);
    expect(lab.bmc.connections.max).toBeLessThanOrEqual(2);
    expect(lab.bmc.inFlight.max).toBeLessThanOrEqual(2);
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(0);
    await lab.bmc.waitFor(({ connections }) => connections.current === 0);
  });

  it('is shared by all nodes with the same credential', async () => {
    for (const node of ['node-1', 'node-2', 'node-3'])
      await lab.clients.client(targetOf(lab.bmc, {}, node)).get(SYSTEMS);
    expect(lab.bmc.logins).toBe(1);
  });

  it('is renewed on 401, once for all callers, and the call is repeated whatever its verb', async () => {
    const client = clientOf(lab.clients, lab.bmc);
    await client.get(SYSTEMS);
    lab.bmc.expireSessions();
    await Promise.all(Array.from({ length: 20 }, async () => client.get(SYSTEMS)));
    expect(lab.bmc).toMatchObject({ logins: 2, sessions: 1 });
    lab.bmc.expireSessions();
    const created = await client.post('/redfish/v1/EventService/Subscriptions', {
      Destination: 'https://192.0.2.1/',
      Protocol: 'Redfish',
      Context: '',
    });
    expect(created.status).toBe(201);
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it('is deleted even if the BMC answered 401 at random', async () => {
    const client = clientOf(lab.clients, lab.bmc);
    await client.get(SYSTEMS);
    lab.bmc.misbehave({ spurious401: { path: 'Systems', times: 1 } });
    await client.get(SYSTEMS);
    await lab.bmc.waitFor(({ sessions }) => sessions === 1);
    expect(lab.bmc.logins).toBe(2);
  });

  it('is deleted even if the login after a random 401 fails', async () => {
    const client = lab.client;
    await client.get(SYSTEMS);
    lab.bmc.misbehave({ spurious401: { path: 'Systems', times: 1 }, loginRefused: 403 });
    expect(await failureOf(client.get(SYSTEMS))).toMatchObject({ code: 'access', status: 403 });
    await lab.bmc.waitFor(({ sessions }) => sessions === 0);
    lab.bmc.behave();
    await client.get(SYSTEMS);
    lab.bmc.misbehave({
      spurious401: { path: 'Systems', times: 1 },
      resetOnce: { path: 'Sessions', method: 'POST', times: 2, when: 'before-effect' },
    });
    expect(await failureOf(client.get(SYSTEMS))).toMatchObject({ code: 'connection' });
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(0);
  });

  it('survives a 401 whose body is broken off', async () => {
    const client = clientOf(lab.clients, lab.bmc);
    await client.get(SYSTEMS);
    lab.bmc.misbehave({ brokenChunkOn401: true });
    lab.bmc.expireSessions();
    expect((await client.get(SYSTEMS)).status).toBe(200);
  });

  it('is not renewed on 403: the message is read, the request is sent once', async () => {
    const client = clientOf(lab.clients, lab.bmc);
    await client.get(SYSTEMS);
    lab.bmc.misbehave({ forbiddenWithLicence: { path: 'Systems' } });
    const error = await failureOf(client.get(`${SYSTEMS}/1`));
    expect(error).toBeInstanceOf(RedfishAccessError);
    expect(error).toMatchObject({
      code: 'access',
      status: 403,
      reason: expect.stringMatching(/licen[sc]e/i),
    });
    expect(lab.bmc.logins).toBe(1);
    expect(requests('GET', `${SYSTEMS}/1`)).toBe(1);
  });

  it('is refused with its own error when none is free, and the login is not repeated', async () => {
    lab.bmc.misbehave({ noFreeSession: true });
    const client = clientOf(lab.clients, lab.bmc, { auth: 'session' });
    const error = await failureOf(client.get(SYSTEMS));
    expect(error).toBeInstanceOf(RedfishNoFreeSessionError);
    expect(error).toMatchObject({ code: 'no-free-session', status: 503 });
    expect(requests('POST', 'Sessions')).toBe(1);
  });

  it.each(['201', '403'] as const)('asks for a new password where the BMC says so with %s', async (how) => {
    lab.bmc.misbehave({ passwordChangeRequired: how });
    const error = await failureOf(clientOf(lab.clients, lab.bmc).get(SYSTEMS));
    expect(error).toBeInstanceOf(RedfishPasswordChangeRequiredError);
    // A BMC may refuse the deletion of such a session, so only the request is checked.
    expect(requests('DELETE', 'Sessions')).toBe(how === '201' ? 1 : 0);
  });

  it.each<[string, Misbehaviours]>([
    ['is not there', { noSessionService: true }],
    ['gives no token', { sessionTokenMissing: true }],
  ])('falls back to basic where the service %s, and remembers it', async (_what, switches) => {
    lab.bmc.misbehave(switches);
    const client = clientOf(lab.clients, lab.bmc);
    await client.get(SYSTEMS);
    const logins = requests('POST', 'Session');
    await Promise.all([
      client.get(SYSTEMS),
      lab.clients.client(targetOf(lab.bmc, {}, 'another')).get(SYSTEMS),
    ]);
    expect(requests('POST', 'Session')).toBe(logins);
    expect(client.learned('session')).toBe('none');
  });

  it('is not replaced by basic where the caller asks for a session', async () => {
    lab.bmc.misbehave({ noSessionService: true });
    const error = await failureOf(clientOf(lab.clients, lab.bmc, { auth: 'session' }).get(SYSTEMS));
    expect(error).toMatchObject({ code: 'not-found' });
    expect(requests('GET', SYSTEMS)).toBe(0);
  });

  it('is not made where the caller asks for basic, or names no user', async () => {
    await clientOf(lab.clients, lab.bmc, { auth: 'basic' }).get(SYSTEMS);
    expect(lab.bmc.loginAttempts).toBe(0);
    const anonymous = clientOf(lab.clients, lab.bmc, { username: undefined, password: undefined });
    expect(await failureOf(anonymous.get(SYSTEMS))).toMatchObject({ code: 'access', status: 401 });
    expect(lab.bmc.loginAttempts).toBe(0);
  });

  it('is one login even when the answer to it was lost', async () => {
    lab.bmc.misbehave({ resetOnce: { path: 'Sessions', method: 'POST', times: 1, when: 'before-effect' } });
    await clientOf(lab.clients, lab.bmc).get(SYSTEMS);
    expect(lab.bmc).toMatchObject({ logins: 1, sessions: 1 });
  });

  it('reports events without secrets to the observer', async () => {
    await clientOf(lab.clients, lab.bmc).get(SYSTEMS);
    await lab.clients.close();
    expect(lab.events.map(({ kind }) => kind)).toEqual([
      'exchange',
      'exchange',
      'login',
      'exchange',
      'exchange',
      'logout',
    ]);
    expect(JSON.stringify(lab.events)).not.toContain(lab.bmc.password);
  });
});
