import { type BmcServer, startBmc } from '../server/bmc-server.js';
import { FOREIGN_ORIGIN } from '../tree/paths.js';
import { call, type Reply } from '../client.spec-support.js';
import { type TaskScript } from '../misbehaviours/task-script.js';

const CD = '/redfish/v1/Managers/BMC/VirtualMedia/CD1';

describe('tasks', () => {
  let bmc: BmcServer;
  const begin = async (taskSteps: TaskScript): Promise<Reply> => {
    bmc = await startBmc({ misbehave: { eject: '202-task', taskSteps } });
    bmc.insert('CD1');
    return call(bmc, 'POST', `${CD}/Actions/VirtualMedia.EjectMedia`);
  };
  const isMounted = (): boolean => bmc.media.some(({ inserted }) => inserted);
  afterEach(() => bmc.close());

  it('run for a number of polls, with percent and Retry-After, before their effect', async () => {
    const accepted = await begin({ polls: 3, retryAfter: 2 });
    const monitor = String(accepted.headers['location']);
    expect(accepted).toMatchObject({
      status: 202,
      headers: { 'retry-after': '2' },
      body: { TaskState: 'New' },
    });
    for (const PercentComplete of [25, 50, 75]) {
      const running = await call(bmc, 'GET', monitor);
      expect(running).toMatchObject({ status: 202, body: { TaskState: 'Running', PercentComplete } });
    }
    expect(isMounted()).toBe(true);
    expect((await call(bmc, 'GET', monitor)).status).toBe(204);
    expect(isMounted()).toBe(false);
    expect(bmc.tasks).toEqual([{ id: '1', state: 'Completed' }]);
  });

  it('can be named by the body alone or by the header alone', async () => {
    const byBody = await begin({ told: 'body' });
    expect(byBody.headers['location']).toBeUndefined();
    expect(byBody.body).toMatchObject({ '@odata.id': '/redfish/v1/TaskService/Tasks/1' });
    await bmc.close();
    const byHeader = await begin({ told: 'location', foreignLocation: true });
    expect(byHeader.raw).toHaveLength(0);
    expect(byHeader.headers['location']).toBe(`${FOREIGN_ORIGIN}/redfish/v1/TaskService/TaskMonitors/1`);
  });

  it.each(['Exception', 'Killed', 'Cancelled'] as const)('can end in %s, without effect', async (final) => {
    const messages = [{ id: 'IDRAC.2.8.VRM0012', text: 'It did not work.' }];
    const accepted = await begin({ polls: 0, final, messages });
    const monitor = await call(bmc, 'GET', String(accepted.headers['location']));
    expect([monitor.status, monitor.raw.includes('VRM0012'), isMounted()]).toEqual([500, true, true]);
    const task = await call(bmc, 'GET', '/redfish/v1/TaskService/Tasks/1');
    expect(task).toMatchObject({
      status: 200,
      body: { TaskState: final, Messages: [{ Message: 'It did not work.' }] },
    });
  });

  it('are cancelled by DELETE, where that is allowed', async () => {
    await begin({ polls: 100 });
    const task = '/redfish/v1/TaskService/Tasks/1';
    expect((await call(bmc, 'GET', task)).headers['allow']).toContain('DELETE');
    expect((await call(bmc, 'DELETE', task)).status).toBe(204);
    expect(bmc.tasks).toEqual([{ id: '1', state: 'Cancelled' }]);
    await bmc.close();
    await begin({ cancellable: false });
    expect((await call(bmc, 'GET', task)).headers['allow']).not.toContain('DELETE');
    expect((await call(bmc, 'DELETE', task)).status).toBe(405);
  });

  it('can vanish when they are done', async () => {
    const accepted = await begin({ polls: 1, vanishes: true });
    const monitor = String(accepted.headers['location']);
    expect((await call(bmc, 'GET', monitor)).status).toBe(202);
    expect((await call(bmc, 'GET', monitor)).status).toBe(404);
    expect((await call(bmc, 'GET', '/redfish/v1/TaskService/Tasks/1')).status).toBe(404);
    expect(isMounted()).toBe(false);
  });

  it('are their own monitor on Dell', async () => {
    bmc = await startBmc({
      profile: 'dell-idrac9',
      misbehave: { eject: '202-task', taskSteps: { polls: 1 } },
    });
    bmc.insert('CD');
    const path = '/redfish/v1/Managers/iDRAC.Embedded.1/VirtualMedia/CD';
    const accepted = await call(bmc, 'POST', `${path}/Actions/VirtualMedia.EjectMedia`);
    const job = String(accepted.headers['location']);
    expect(job).toBe('/redfish/v1/TaskService/Tasks/JID_000000000001');
    expect(await call(bmc, 'GET', job)).toMatchObject({ status: 200, body: { TaskState: 'Running' } });
    expect(await call(bmc, 'GET', job)).toMatchObject({ status: 200, body: { TaskState: 'Completed' } });
  });
});
