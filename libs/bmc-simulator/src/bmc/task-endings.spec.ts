import { jest } from '@jest/globals';
import { call, SYSTEMS, useBmc } from '../client.spec-support.js';

const SYSTEM = `${SYSTEMS}/1`;

describe('a task', () => {
  const lab = useBmc();
  const begin = async (script: object, body: object = { AssetTag: 'x' }): Promise<string> => {
    lab.bmc.misbehave({ patchTask: true, taskSteps: script });
    const reply = await call(lab.bmc, 'PATCH', SYSTEM, { body: { ...body } });
    return String(reply.headers['location']);
  };

  it('ends by time, also if nobody reads it', async () => {
    await begin({ ms: 1 });
    await until(() => lab.bmc.tasks[0]?.state === 'Completed');
    expect(lab.bmc.resource(SYSTEM)).toMatchObject({ AssetTag: 'x' });
  });

  it('ends after 5 s by default, also if nobody reads it', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      await begin({});
      jest.advanceTimersByTime(4_999);
      expect(lab.bmc.tasks).toMatchObject([{ state: 'New' }]);
      jest.advanceTimersByTime(1);
      expect(lab.bmc.tasks).toMatchObject([{ state: 'Completed' }]);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each([{}, { polls: 2, ms: 3_600_000 }])('with %j ends after 2 polls', async (script) => {
    const monitor = await begin(script);
    const statuses: unknown[] = [];
    for (let poll = 0; poll < 3; poll += 1) statuses.push((await call(lab.bmc, 'GET', monitor)).status);
    expect(statuses).toEqual([202, 202, 200]);
  });

  it('with an end by time alone is not ended by polls', async () => {
    const monitor = await begin({ ms: 3_600_000 });
    for (let poll = 0; poll < 5; poll += 1) {
      expect((await call(lab.bmc, 'GET', monitor)).status).toBe(202);
    }
  });

  it('whose work is refused ends in Exception with the reason, once', async () => {
    lab.bmc.misbehave({ eject: '202-task', taskSteps: { polls: 0 } });
    const medium = '/redfish/v1/Managers/BMC/VirtualMedia/CD1';
    lab.bmc.misbehave({ emptyMediaInserted: true });
    const { headers } = await call(lab.bmc, 'POST', `${medium}/Actions/VirtualMedia.EjectMedia`, {
      body: {},
    });
    const monitor = String(headers['location']);
    expect((await call(lab.bmc, 'GET', monitor)).status).toBe(400);
    expect(lab.bmc.tasks).toMatchObject([{ state: 'Exception' }]);
    const task = await call(lab.bmc, 'GET', '/redfish/v1/TaskService/Tasks/1');
    expect(task.body).toMatchObject({ TaskState: 'Exception', TaskStatus: 'Critical' });
    expect(task.body['Messages']).toHaveLength(1);
  });

  it('whose monitor was deleted has none any more', async () => {
    const monitor = await begin({ polls: 9 });
    expect((await call(lab.bmc, 'DELETE', monitor)).status).toBe(204);
    expect((await call(lab.bmc, 'GET', monitor)).status).toBe(404);
    expect(lab.bmc.tasks).toMatchObject([{ state: 'Cancelled' }]);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
