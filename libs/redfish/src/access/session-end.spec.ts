import { startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, targetOf, useBmc } from '../bmc.spec-support.js';
import { RedfishClosedError } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('the end of a session', () => {
  const lab = useBmc();

  it('is deleted when the node comes with another credential, while the new one works', async () => {
    await lab.clients.client(targetOf(lab.bmc, {}, 'node')).get(SYSTEMS);
    const wrong = targetOf(lab.bmc, { password: 'other-password' }, 'node');
    expect(await failureOf(lab.clients.client(wrong).get(SYSTEMS))).toMatchObject({
      code: 'access',
      status: 401,
    });
    await lab.bmc.waitFor(({ sessions }) => sessions === 0);
    await lab.clients.client(targetOf(lab.bmc, {}, 'node')).get(SYSTEMS);
    expect(lab.bmc).toMatchObject({ logins: 2, sessions: 1 });
  });

  it('stays when one node of several changes its credential', async () => {
    await lab.clients.client(targetOf(lab.bmc, {}, 'node-1')).get(SYSTEMS);
    await lab.clients.client(targetOf(lab.bmc, {}, 'node-2')).get(SYSTEMS);
    await lab.clients.client(targetOf(lab.bmc, { auth: 'basic' }, 'node-1')).get(SYSTEMS);
    await lab.clients.client(targetOf(lab.bmc, {}, 'node-2')).get(SYSTEMS);
    expect(lab.bmc).toMatchObject({ logins: 1, sessions: 1 });
  });

  it('is deleted when nobody used it for a while, and made again when somebody does', async () => {
    await lab.reopen({ idle: 20 });
    const client = lab.client;
    await client.get(SYSTEMS);
    await lab.bmc.waitFor(({ sessions }) => sessions === 0);
    await client.get(SYSTEMS);
    expect(lab.bmc.logins).toBe(2);
  });

  it('is deleted when the pool has too many, the one unused for longest', async () => {
    await lab.reopen({ maxEntries: 1 });
    const other = await startBmc();
    try {
      await lab.client.get(SYSTEMS);
      await clientOf(lab.clients, other).get(SYSTEMS);
      await lab.bmc.waitFor(({ sessions }) => sessions === 0);
      expect(other.sessions).toBe(1);
    } finally {
      await lab.clients.close();
      await other.close();
    }
  });

  it('is deleted when the pool is closed during a login and during calls, which end at once', async () => {
    const client = lab.client;
    await client.get(SYSTEMS);
    lab.bmc.misbehave({ neverAnswers: { path: 'Systems' } });
    const call = failureOf(client.get(SYSTEMS));
    await lab.bmc.waitFor(({ requests: all }) =>
      all.some(({ outcome }) => outcome === 'unanswered' || outcome === 'pending'),
    );
    await lab.clients.close();
    expect(await call).toBeInstanceOf(RedfishClosedError);
    expect(lab.bmc.sessions).toBe(0);
    expect(await failureOf(client.get(SYSTEMS))).toBeInstanceOf(RedfishClosedError);

    await lab.reopen({});
    lab.bmc.behave();
    lab.bmc.misbehave({ latency: { path: 'Sessions', ms: 30 } });
    const early = failureOf(lab.client.get(SYSTEMS));
    await lab.bmc.waitFor(({ inFlight, loginAttempts }) => inFlight.current > 0 || loginAttempts > 1);
    await lab.clients.close();
    expect(await early).toBeInstanceOf(RedfishClosedError);
    expect(lab.bmc.sessions).toBe(0);
  });

  it('does not delay closing the pool when the BMC no longer answers', async () => {
    await lab.reopen({ timeouts: { close: 50 } });
    await lab.client.get(SYSTEMS);
    lab.bmc.misbehave({ neverAnswers: { path: 'Sessions' } });
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(1);
  });
});
