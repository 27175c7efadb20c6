import { startBmc } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, quickClients, targetOf, useBmc } from '../bmc.spec-support.js';
import { RedfishCircuitOpenError } from '../index.js';

const SYSTEMS = '/redfish/v1/Systems';

describe('a 401 on one resource after an accepted login', () => {
  const lab = useBmc();
  const refused = `${SYSTEMS}/1`;

  it('is about the resource: other resources and nodes keep working', async () => {
    lab.bmc.misbehave({ spurious401: { path: refused } });
    for (let call = 0; call < 4; call += 1) {
      expect(await failureOf(lab.client.get(refused))).toMatchObject({ code: 'access', status: 401 });
      expect((await lab.clients.client(targetOf(lab.bmc, {}, `node-${call}`)).get(SYSTEMS)).status).toBe(200);
    }
    expect(lab.events.filter(({ kind }) => kind === 'circuit-opened')).toEqual([]);
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(0);
  });

  it('does not count with basic once the credential worked elsewhere', async () => {
    const basic = clientOf(lab.clients, lab.bmc, { auth: 'basic' });
    lab.bmc.misbehave({ spurious401: { path: refused } });
    for (let call = 0; call < 4; call += 1) {
      expect(await failureOf(basic.get(refused))).toMatchObject({ code: 'access', status: 401 });
      // Any other answer will do.
      expect(await failureOf(basic.get(`${SYSTEMS}/nothing`))).toMatchObject({ code: 'not-found' });
    }
  });
});

describe('a 401 on one resource with basic', () => {
  const lab = useBmc({ circuit: { cooldown: 60_000 } });
  const refused = `${SYSTEMS}/1`;
  const opened = () => lab.events.filter(({ kind }) => kind === 'circuit-opened');

  it('is about the resource, once the credential was accepted', async () => {
    const basic = clientOf(lab.clients, lab.bmc, { auth: 'basic' });
    await basic.get(SYSTEMS);
    lab.bmc.misbehave({ spurious401: { path: refused } });
    for (let call = 0; call < 7; call += 1) {
      expect(await failureOf(basic.get(refused))).toMatchObject({ code: 'access', status: 401 });
    }
    expect(opened()).toEqual([]);
    expect((await basic.get(SYSTEMS)).status).toBe(200);
  });

  it('holds the credential back after three refusals, where the password has changed', async () => {
    const basic = clientOf(lab.clients, lab.bmc, { auth: 'basic' });
    await basic.get(SYSTEMS);
    await lab.client.patch('/redfish/v1/AccountService/Accounts/1', { Password: 'another-password' });
    lab.bmc.forget();
    for (let call = 0; call < 5; call += 1) await failureOf(basic.get(refused));
    expect(opened()).toHaveLength(1);
    expect(lab.bmc.requests.map(({ authentication }) => authentication)).toEqual(Array(3).fill('basic'));
  });
});

describe('a BMC that refuses the credentials', () => {
  it.each(['session', 'basic'] as const)(
    'gets three requests with %s, then none until the cooldown is over',
    async (type) => {
      const bmc = await startBmc({ misbehave: { lockAccountAfter: 4 } });
      const clients = quickClients({ circuit: { cooldown: 60_000 } });
      try {
        const wrong = { password: 'wrong-password', auth: type };
        const client = clientOf(clients, bmc, wrong);
        for (let call = 0; call < 3; call += 1) {
          expect(await failureOf(client.get(SYSTEMS))).toMatchObject({ code: 'access', status: 401 });
        }
        bmc.forget();
        const error = await failureOf(client.get(SYSTEMS));
        expect(error).toBeInstanceOf(RedfishCircuitOpenError);
        expect(bmc.requests).toEqual([]);
        expect((await clientOf(clients, bmc).get(SYSTEMS)).status).toBe(200);
      } finally {
        await clients.close();
        await bmc.close();
      }
    },
  );

  it('gets only the first few of 50 concurrent calls with basic', async () => {
    const bmc = await startBmc();
    const clients = quickClients();
    try {
      const client = clientOf(clients, bmc, {
        auth: 'basic',
        password: 'wrong-password',
      });
      const errors = await Promise.all(
        Array.from({ length: 50 }, async () => failureOf(client.get(SYSTEMS))),
      );
      const codes = errors.map((error) => (error instanceof RedfishCircuitOpenError ? 'open' : 'refused'));
      // Two requests are under way at a time, so one may be sent beside the third.
      expect(codes.filter((code) => code === 'refused').length).toBeLessThanOrEqual(4);
      expect(bmc.requests.length).toBeLessThanOrEqual(4);
    } finally {
      await clients.close();
      await bmc.close();
    }
  });
});
