import { type Misbehaviours } from '@ferrule/bmc-simulator';
import { failureOf, useBmc } from '../bmc.spec-support.js';
import { type Progress, RedfishTask, RedfishTaskError } from '../index.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const BODY = {
  Destination: 'https://192.0.2.1/',
  Protocol: 'Redfish',
  Context: 'c',
  EventTypes: ['Alert'],
  HttpHeaders: [{ 'X-Key': 'planted-secret' }],
};

describe('start', () => {
  // Dell's tasks have no monitor: the Task itself is polled, to its last state.
  const lab = useBmc({}, { profile: 'dell-idrac9' });

  const start = async (switches: Misbehaviours): Promise<RedfishTask> => {
    lab.bmc.misbehave({ createAnswer: '202-task', ...switches });
    const begun = await lab.client.start({ method: 'POST', path: SUBSCRIPTIONS, body: BODY });
    if (!(begun instanceof RedfishTask)) throw new Error('There is no task.');
    return begun;
  };
  const polls = (path: string): number =>
    lab.bmc.requests.filter((request) => request.method === 'GET' && request.path === path).length;

  it('returns the reply of a request without a task', async () => {
    const reply = await lab.client.start({ method: 'POST', path: SUBSCRIPTIONS, body: BODY });
    expect(reply).not.toBeInstanceOf(RedfishTask);
    expect(reply).toMatchObject({ status: 201 });
  });

  it('returns a task that nobody polls yet', async () => {
    const task = await start({});
    expect(task.accepted.status).toBe(202);
    expect(task.path).toBe(task.accepted.location);
    expect(task.progress).toBeUndefined();
    expect(polls(task.path)).toBe(0);
  });

  it('whose end can be waited for, with progress, and read again', async () => {
    const task = await start({ taskSteps: { polls: 3 } });
    const seen: Progress[] = [];
    const reply = await task.wait({ onProgress: (progress) => seen.push(progress) });
    expect(reply.status).not.toBe(202);
    expect(lab.bmc.subscriptions).toHaveLength(1);
    expect(seen.length).toBeGreaterThan(1);
    expect(task.progress).toEqual(seen.at(-1));
    const asked = lab.bmc.requests.length;
    expect(await task.wait()).toBe(reply);
    expect(lab.bmc.requests).toHaveLength(asked);
  });

  it('which goes on when the waiting is aborted or takes too long', async () => {
    const task = await start({ taskSteps: { polls: 1_000_000 } });
    const controller = new AbortController();
    const waiting = failureOf(task.wait({ signal: controller.signal }));
    await lab.bmc.waitFor(() => polls(task.path) > 1);
    controller.abort(new Error('enough'));
    expect(await waiting).toMatchObject({ message: 'enough' });
    expect(await failureOf(task.wait({ timeout: 20 }))).toMatchObject({ code: 'timeout', phase: 'task' });
    await lab.client.get(SUBSCRIPTIONS);
    expect(lab.bmc.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  it('which can be cancelled if the BMC allows that', async () => {
    const task = await start({ taskSteps: { polls: 1_000_000 } });
    expect(await task.cancel()).toBe(true);
    expect(lab.bmc.requests.at(-1)).toMatchObject({ method: 'DELETE', path: task.path });
    expect(lab.bmc.subscriptions).toEqual([]);
    const fixed = await start({ taskSteps: { polls: 1_000_000, cancellable: false } });
    expect(await fixed.cancel()).toBe(false);
  });

  it('whose failure carries the whole answer without secrets', async () => {
    const messages = [{ id: 'InternalError', text: 'No planted-secret here.' }];
    const task = await start({ taskSteps: { final: 'Exception', messages } });
    const error = await failureOf(task.wait());
    expect(error).toBeInstanceOf(RedfishTaskError);
    expect(error).toMatchObject({ state: 'Exception', answer: { body: { TaskState: 'Exception' } } });
    const answer = JSON.stringify(error instanceof RedfishTaskError && error.answer);
    expect(answer).toContain('here.');
    expect(answer).not.toContain('planted-secret');
    expect(await failureOf(task.wait())).toBe(error);
  });
});
