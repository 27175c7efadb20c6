import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, useBmc } from '../bmc.spec-support.js';

const SYSTEMS = '/redfish/v1/Systems';
const SESSIONS = '/redfish/v1/SessionService/Sessions';

describe('a BMC without usable sessions', () => {
  const lab = useBmc();

  const logins = (): number =>
    lab.bmc.requests.filter(({ method, path }) => method === 'POST' && path === SESSIONS).length;
  const authentications = (): string[] =>
    lab.bmc.requests.filter(({ path }) => path === SYSTEMS).map(({ authentication }) => authentication);

  it('that names no session service is asked with basic, and no login is sent', async () => {
    lab.bmc.misbehave({ noSessionService: true });
    await lab.client.get(SYSTEMS);
    expect(
      lab.bmc.requests.map(({ method, path, authentication }) => [method, path, authentication]),
    ).toEqual([
      ['GET', '/redfish/v1/', 'none'],
      ['GET', SYSTEMS, 'basic'],
    ]);
    expect(lab.client.learned('session')).toBe('none');
  });

  it('whose session service is disabled is asked with basic after one login', async () => {
    lab.bmc.misbehave({ sessionServiceDisabled: true });
    await lab.client.get(SYSTEMS);
    await lab.client.get(SYSTEMS);
    expect(logins()).toBe(1);
    expect(authentications()).toEqual(['basic', 'basic']);
  });

  it('whose session service is disabled and answers 500 is asked with basic', async () => {
    lab.bmc.change('/redfish/v1/SessionService', { ServiceEnabled: false });
    lab.bmc.misbehave({ html504: { path: SESSIONS, method: 'POST' } });
    await lab.client.get(SYSTEMS);
    expect([logins(), authentications()]).toEqual([1, ['basic']]);
  });

  it.each([401, 403] as const)(
    'that answers the first login with %i gets one try with basic',
    async (status) => {
      lab.bmc.misbehave({ loginRefused: status });
      await Promise.all(Array.from({ length: 10 }, async () => lab.client.get(SYSTEMS)));
      expect(logins()).toBe(1);
      expect(new Set(authentications())).toEqual(new Set(['basic']));
      expect(lab.client.learned('session')).toBe('none');
      expect(lab.bmc.sessions).toBe(0);
    },
  );

  it('that has no free session is asked with basic for a while, and sessions are not given up', async () => {
    lab.bmc.misbehave({ noFreeSession: true });
    await lab.client.get(SYSTEMS);
    await lab.client.get(SYSTEMS);
    expect(logins()).toBe(1);
    expect(lab.client.learned('session')).toBeUndefined();
  });

  it('but wrong credentials gets one login and one try with basic; the error names the option', async () => {
    const wrong = clientOf(lab.clients, lab.bmc, { password: 'wrong-password' });
    const errors = await Promise.all(Array.from({ length: 10 }, async () => failureOf(wrong.get(SYSTEMS))));
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'access', status: 401, method: 'POST', option: 'auth' });
      expect(String(error)).toMatch(/Basic authentication was refused, too\.$/);
    }
    expect(logins()).toBe(1);
    expect(authentications()).toEqual(['basic']);
    expect(wrong.learned('session')).toBeUndefined();
    await failureOf(wrong.get(SYSTEMS));
    expect([logins(), authentications()]).toEqual([2, ['basic']]);
  });

  it.each([{ auth: 'basic' }, { auth: 'session' }, {}] as const)(
    'names the option for wrong credentials with %j, and not without any',
    async (how) => {
      const wrong = clientOf(lab.clients, lab.bmc, { password: 'wrong-password', ...how });
      expect(await failureOf(wrong.get(SYSTEMS))).toMatchObject({ status: 401, option: 'auth' });
      const without = clientOf(lab.clients, lab.bmc, { username: undefined, password: undefined, ...how });
      expect(await failureOf(without.get(SYSTEMS))).toMatchObject({ status: 401, option: undefined });
    },
  );

  it('is not asked with basic once a login was accepted', async () => {
    await lab.client.get(SYSTEMS);
    const wrong = clientOf(lab.clients, lab.bmc, { password: 'wrong-password' });
    expect(await failureOf(wrong.get(SYSTEMS))).toMatchObject({ code: 'access', status: 401 });
    expect(authentications()).toEqual(['session']);
  });

  it.each<Misbehaviours>([{ loginRefused: 401 }, { loginRefused: 403 }, { noFreeSession: true }])(
    'is not asked with basic where the caller asks for a session: %j',
    async (switches) => {
      lab.bmc.misbehave(switches);
      const client = clientOf(lab.clients, lab.bmc, { auth: 'session' });
      const error = await failureOf(client.get(SYSTEMS));
      if ('loginRefused' in switches) expect(error).toMatchObject({ option: 'auth' });
      expect(authentications()).toEqual([]);
    },
  );
});
