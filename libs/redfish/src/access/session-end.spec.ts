import { type BmcServer, startBmc } from '@ferrule/driver-testing';
import { clientOf, failureOf, quickClients, targetOf } from '../bmc.spec-support.js';
import { RedfishClosedError, type RedfishClients, type RedfishEvent } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('the end of a session', () => {
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

  it('is deleted when the node comes with another credential, while the new one works', async () => {
    await clients.client(targetOf(bmc, {}, 'node')).get(SYSTEMS);
    const wrong = targetOf(bmc, { redfish_password: 'other-password' }, 'node');
    expect(await failureOf(clients.client(wrong).get(SYSTEMS))).toMatchObject({
      code: 'access',
      status: 401,
    });
    await bmc.waitFor(({ sessions }) => sessions === 0);
    await clients.client(targetOf(bmc, {}, 'node')).get(SYSTEMS);
    expect(bmc).toMatchObject({ logins: 2, sessions: 1 });
  });

  it('stays when one node of several changes its credential', async () => {
    await clients.client(targetOf(bmc, {}, 'node-1')).get(SYSTEMS);
    await clients.client(targetOf(bmc, {}, 'node-2')).get(SYSTEMS);
    await clients.client(targetOf(bmc, { redfish_auth_type: 'basic' }, 'node-1')).get(SYSTEMS);
    await clients.client(targetOf(bmc, {}, 'node-2')).get(SYSTEMS);
    expect(bmc).toMatchObject({ logins: 1, sessions: 1 });
  });

  it('is deleted when nobody used it for a while, and made again when somebody does', async () => {
    await clients.close();
    clients = quickClients({ idle: 20 });
    const client = clientOf(clients, bmc);
    await client.get(SYSTEMS);
    await bmc.waitFor(({ sessions }) => sessions === 0);
    await client.get(SYSTEMS);
    expect(bmc.logins).toBe(2);
  });

  it('is deleted when the pool has too many, the one unused for longest', async () => {
    await clients.close();
    clients = quickClients({ maxEntries: 1 });
    const other = await startBmc();
    try {
      await clientOf(clients, bmc).get(SYSTEMS);
      await clientOf(clients, other).get(SYSTEMS);
      await bmc.waitFor(({ sessions }) => sessions === 0);
      expect(other.sessions).toBe(1);
    } finally {
      await clients.close();
      await other.close();
    }
  });

  it('is deleted when the pool is closed during a login and during calls, which end at once', async () => {
    const client = clientOf(clients, bmc);
    await client.get(SYSTEMS);
    bmc.misbehave({ neverAnswers: { path: 'Systems' } });
    const call = failureOf(client.get(SYSTEMS));
    await bmc.waitFor(({ requests: all }) =>
      all.some(({ outcome }) => outcome === 'unanswered' || outcome === 'pending'),
    );
    await clients.close();
    expect(await call).toBeInstanceOf(RedfishClosedError);
    expect(bmc.sessions).toBe(0);
    expect(await failureOf(client.get(SYSTEMS))).toBeInstanceOf(RedfishClosedError);

    clients = quickClients();
    bmc.behave();
    bmc.misbehave({ latency: { path: 'Sessions', ms: 30 } });
    const early = failureOf(clientOf(clients, bmc).get(SYSTEMS));
    await bmc.waitFor(({ inFlight, loginAttempts }) => inFlight.current > 0 || loginAttempts > 1);
    await clients.close();
    expect(await early).toBeInstanceOf(RedfishClosedError);
    expect(bmc.sessions).toBe(0);
  });

  it('does not keep the pool from closing when the BMC does not answer any more', async () => {
    await clients.close();
    clients = quickClients({ timeouts: { close: 50 } });
    await clientOf(clients, bmc).get(SYSTEMS);
    bmc.misbehave({ neverAnswers: { path: 'Sessions' } });
    await clients.close();
    expect(bmc.sessions).toBe(1);
  });
});
