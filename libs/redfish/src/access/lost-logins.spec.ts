import { type BmcServer } from '@ferrule/bmc-simulator';
import { clientOf, failureOf, useBmc } from '../bmc.spec-support.js';
import { LostLogins } from './lost-logins.js';

const SYSTEMS = '/redfish/v1/Systems';
const SESSIONS = '/redfish/v1/SessionService/Sessions';

describe('a login whose answer is lost', () => {
  const lab = useBmc();
  const logins = (): number =>
    lab.bmc.requests.filter(({ method, path }) => method === 'POST' && path === SESSIONS).length;
  const lose = (times: number): void =>
    lab.bmc.misbehave({ resetOnce: { path: SESSIONS, method: 'POST', times, when: 'after-effect' } });

  it('is sent once more, and the session of the first is found and deleted', async () => {
    lose(1);
    await lab.client.get(SYSTEMS);
    expect(logins()).toBe(2);
    await lab.bmc.waitFor(({ sessions }) => sessions === 1);
    await lab.client.get(SYSTEMS);
    expect(lab.bmc.logins).toBe(2);
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(0);
  });

  it('twice ends the call, whatever its verb, and the next login cleans up', async () => {
    lose(100);
    expect(await failureOf(lab.client.get(SYSTEMS))).toMatchObject({ code: 'connection', failure: 'reset' });
    expect([logins(), lab.bmc.sessions]).toEqual([2, 2]);
    lab.bmc.behave();
    await lab.client.get(SYSTEMS);
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(0);
  });

  it('never costs another client its session', async () => {
    const other = clientOf(lab.clients, lab.bmc, { verify: false });
    await other.get(SYSTEMS);
    lose(1);
    await lab.client.get(SYSTEMS);
    await lab.clients.close();
    const statuses = lab.bmc.requests.filter(({ path }) => path === SYSTEMS).map(({ status }) => status);
    expect(statuses).toEqual([200, 200]);
  });

  it('is not looked for where the BMC shows no times', async () => {
    await withoutTimes(lab.bmc);
    lose(1);
    await lab.client.get(SYSTEMS);
    await lab.clients.close();
    expect(lab.bmc.sessions).toBe(1);
  });
});

async function withoutTimes(bmc: BmcServer): Promise<void> {
  bmc.onRequest(({ method }) => {
    if (method !== 'GET') return;
    for (let id = 1; id < 9; id += 1) {
      const path = `${SESSIONS}/${id}`;
      if (bmc.resource(path) !== undefined) bmc.change(path, { CreatedTime: null });
    }
  });
}

describe('LostLogins', () => {
  const known = { paths: ['/s/9'], sent: { from: 10_000, to: 10_100 } };
  const session = (path: string, created: number | undefined, client = '10.0.0.1') => ({
    path,
    created,
    client,
    user: 'admin',
  });
  const own = session('/s/9/', 1_000_000);

  it('finds the session that began as long before the known one as the login was sent', () => {
    const lost = new LostLogins();
    lost.add({ from: 4_000, to: 4_200 });
    expect(lost.among([session('/s/7', 900_000), session('/s/8', 994_000), own], known)).toEqual(['/s/8']);
    expect(lost.any).toBe(false);
  });

  it.each([
    ['two fit', [session('/s/7', 994_000), session('/s/8', 994_000), own]],
    ['it is of another client', [session('/s/8', 994_000, '10.0.0.2'), own]],
    ['it has no time', [session('/s/8', undefined), own]],
    ['the known one has none', [session('/s/8', 994_000), session('/s/9', undefined)]],
    ['the known one is not listed', [session('/s/8', 994_000)]],
  ])('finds none if %s', (_why, sessions) => {
    const lost = new LostLogins();
    lost.add({ from: 4_000, to: 4_200 });
    expect(lost.among(sessions, known)).toEqual([]);
  });
});
