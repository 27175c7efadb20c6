import { type Misbehaviours, type ProfileName, type TaskScript } from '@ferrule/bmc-simulator';
import { atOnce, failureOf, until, useBmc } from '../bmc.spec-support.js';
import { RedfishTaskError, RedfishTimeoutError, type Progress, type RedfishClient } from '../index.js';

const SUBSCRIPTIONS = '/redfish/v1/EventService/Subscriptions';
const SUBSCRIPTION = {
  Destination: 'https://192.0.2.1/',
  Protocol: 'Redfish',
  Context: 'c',
  HttpHeaders: [{ Authorization: 'Bearer planted-secret' }],
};

// Dell names the task instead of a monitor; it answers 200 while it runs.
describe.each<ProfileName>(['generic', 'dell-idrac9'])('a 202 of %s', (profile) => {
  const lab = useBmc({}, { profile });
  let progress: Progress[];
  beforeEach(() => {
    progress = [];
  });

  const create = async (
    taskSteps: TaskScript = {},
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<RedfishClient['post']>>> => {
    lab.bmc.misbehave({ createAnswer: '202-task', taskSteps });
    const body = { ...SUBSCRIPTION, EventTypes: ['Alert'] };
    return lab.client.post(SUBSCRIPTIONS, body, { signal, onProgress: (step) => progress.push(step) });
  };
  const polls = (): number =>
    lab.bmc.requests.filter(({ path, method }) => method === 'GET' && /Task/.test(path)).length;

  it.each(['location', 'body', 'both'] as const)('named by %s is followed to its end', async (told) => {
    const reply = await create({ polls: 3, told });
    expect(reply.status).toBeLessThan(300);
    expect(reply.status).not.toBe(202);
    expect(lab.bmc.subscriptions).toHaveLength(1);
    expect(polls()).toBe(4);
  });

  it('reports each progress once', async () => {
    await create({ polls: 3 });
    const percents = progress.map(({ percent }) => percent).filter((percent) => percent !== undefined);
    expect(percents.length).toBeGreaterThan(1);
    expect([...percents].sort((a, b) => a - b)).toEqual(percents);
    expect(new Set(progress.map((step) => JSON.stringify(step))).size).toBe(progress.length);
  });

  it.each([
    ['as Retry-After says', 60],
    ['as seldom as once a minute, if Retry-After is a time of many days', 2_600_000],
  ])('is polled %s', async (_what, retryAfter) => {
    const following = failureOf(create({ polls: 3, retryAfter }));
    await lab.bmc.waitFor(({ tasks }) => tasks.length > 0);
    // Without a pause between the polls all of them would have come by then.
    for (let count = 0; count < 20; count += 1) await lab.client.get('/redfish/v1/Systems');
    expect(polls()).toBe(0);
    await lab.clients.close();
    await following;
  });

  it('is not followed when the caller declines', async () => {
    lab.bmc.misbehave({ createAnswer: '202-task' });
    const reply = await lab.client.post(
      SUBSCRIPTIONS,
      { ...SUBSCRIPTION, EventTypes: ['Alert'] },
      { follow: false },
    );
    expect(reply.status).toBe(202);
    expect(polls()).toBe(0);
  });

  it.each(['CompletedWithErrors', 'Exception', 'Killed', 'Cancelled'] as const)(
    'that ends as %s fails',
    async (final) => {
      const messages = [{ id: 'IDRAC.2.8.X1', text: 'The disk does not like planted-secret.' }];
      // A monitor that ends with a success decides; a Task is judged by its state.
      if (profile === 'generic' && final === 'CompletedWithErrors') {
        return expect((await create({ polls: 1, final, messages })).status).toBe(201);
      }
      const error = await failureOf(create({ polls: 1, final, messages }));
      expect(error).toMatchObject({ mayBeDone: false, task: expect.stringMatching(/\/Tasks\//) });
      if (profile === 'dell-idrac9') {
        expect(error).toBeInstanceOf(RedfishTaskError);
        expect(error).toMatchObject({ code: 'task', state: final });
      }
      expect(String(error)).toContain('The disk does not like ***.');
      expect(JSON.stringify(error)).not.toContain('planted-secret');
    },
  );

  it('that fails does not show the token, nor that of a session renewed meanwhile', async () => {
    const tokens: string[] = [];
    lab.bmc.onRequest(({ headers }) => tokens.push(headers['x-auth-token'] ?? ''));
    await lab.client.get('/redfish/v1/Systems');
    const script = {
      polls: 1,
      final: 'Exception' as const,
      get messages() {
        return [{ id: 'X.1.Y', text: `Seen: ${tokens.join(' ')}` }];
      },
    };
    lab.bmc.misbehave({ sessionExpired: { method: 'GET', path: 'Task', times: 1 } });
    const error = await failureOf(create(script));
    expect(lab.bmc.logins).toBe(2);
    expect(String(error)).toContain('Seen:');
    const newest = tokens.findLast((token) => token !== '') ?? 'none';
    expect(`${String(error)} ${JSON.stringify(error)} ${JSON.stringify(progress)}`).not.toContain(newest);
  });

  it('whose task vanishes is an error, since its result is unknown', async () => {
    const error = await failureOf(create({ polls: 1, vanishes: true }));
    expect(error).toMatchObject({ code: 'task', state: 'Vanished', mayBeDone: true });
  });

  it('is done when a job ends as RebootCompleted', async () => {
    expect((await create({ polls: 1, final: 'RebootCompleted' })).status).toBeLessThan(300);
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it('survives a web server that answers for a service that restarts', async () => {
    lab.bmc.misbehave({ html504: { method: 'GET', path: 'Task', after: 1, times: 9 } });
    expect((await create({ polls: 4 })).status).toBeLessThan(300);
  });

  it.each(['Pending', 'Scheduled'] as const)(
    'of state %s is accepted: it is neither awaited nor deleted',
    async (running) => {
      const reply = await create({ polls: 1_000_000, running });
      expect(reply).toMatchObject({
        status: 202,
        body: { TaskState: running },
        location: expect.stringMatching(/Task/),
      });
      expect(polls()).toBe(1);
      await lab.clients.close();
      expect(lab.bmc.tasks).toMatchObject([{ state: running }]);
    },
  );

  it('whose monitor is on another origin is followed by the task in its body', async () => {
    await create({ polls: 1, foreignLocation: true });
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it('that names only a monitor on another origin is not followed', async () => {
    const error = await failureOf(create({ polls: 1, foreignLocation: true, told: 'location' }));
    expect(error).toMatchObject({ code: 'foreign-link', status: 202 });
  });

  const abortWhen = async (script: TaskScript, ready: () => boolean): Promise<void> => {
    const controller = new AbortController();
    const reason = new Error('the job was cancelled');
    const failure = failureOf(create({ polls: 1_000_000, ...script }, controller.signal));
    await until(ready);
    controller.abort(reason);
    expect(await atOnce(failure)).toBe(reason);
  };

  it.each<TaskScript>([{}, { retryAfter: 3600 }])(
    'is left as it is when the caller aborts: %j',
    async (script) => {
      await abortWhen(script, () => progress.length > 0);
      await lab.clients.close();
      expect(lab.bmc.tasks).toMatchObject([{ state: expect.stringMatching(/New|Running/) }]);
      expect(lab.bmc.requests.filter(({ method, path }) => method === 'DELETE' && /Task/.test(path))).toEqual(
        [],
      );
    },
  );

  it('continues after the BMC was unreachable for a while', async () => {
    const following = create({ polls: 6 });
    await lab.bmc.waitFor(() => polls() > 1);
    lab.bmc.restart();
    lab.bmc.misbehave({ notReady: { kind: 'sys518', times: 3, retryAfter: 0 } });
    expect((await following).status).toBeLessThan(300);
  });

  it('has a time limit of its own', async () => {
    await lab.reopen({ timeouts: { task: 50, total: 600_000 } });
    const error = await failureOf(create({ polls: 1_000_000 }));
    expect(error).toBeInstanceOf(RedfishTimeoutError);
    const task = `/redfish/v1/TaskService/Tasks/${lab.bmc.tasks[0]?.id ?? ''}`;
    const message = expect.stringContaining(`The task ${task} was left as it is; the BMC may go on with it.`);
    expect(error).toMatchObject({ phase: 'task', mayBeDone: true, task, message });
    await lab.clients.close();
    // It may have run out before the first poll.
    expect(lab.bmc.tasks).toMatchObject([{ state: expect.stringMatching(/New|Running/) }]);
  });

  it('is told by its path from the beginning, and by 100 percent at its end', async () => {
    await create({ polls: 2, told: 'both' });
    const task = `/redfish/v1/TaskService/Tasks/${lab.bmc.tasks[0]?.id ?? ''}`;
    expect(progress.map((step) => step.task)).toEqual(progress.map(() => task));
    expect(progress[0]?.percent).toBe(0);
    expect(progress.at(-1)).toMatchObject({ percent: 100 });
  });

  it('is told by the path of its monitor where the BMC names no task', async () => {
    await create({ polls: 0, told: 'location' });
    expect(progress[0]).toEqual({ task: expect.stringMatching(/\/(TaskMonitors|Tasks)\/[^/]+$/) });
  });
});

describe('a task that the BMC does not always show', () => {
  const toRoot = { method: 'GET', status: 302, to: '/redfish/v1/' } as const;
  const dell = useBmc({}, { profile: 'dell-idrac9' });
  const generic = useBmc();
  const create = async (lab: typeof dell, misbehave: Misbehaviours): Promise<unknown> => {
    lab.bmc.misbehave({ createAnswer: '202-task', taskSteps: { polls: 3 }, ...misbehave });
    return lab.client.post(SUBSCRIPTIONS, { ...SUBSCRIPTION, EventTypes: ['Alert'] });
  };

  it.each<Misbehaviours>([
    { redirect: { ...toRoot, path: 'JID', after: 1, times: 5 } },
    { html200: { method: 'GET', path: 'JID', after: 1, times: 5 } },
    { empty200: { method: 'GET', path: 'JID', after: 1, times: 5 } },
  ])('is not ended by polls that are answered without it: %j', async (misbehave) => {
    expect(await create(dell, misbehave)).toMatchObject({ body: { TaskState: 'Completed' } });
    expect(dell.bmc.subscriptions).toHaveLength(1);
  });

  it('is in doubt if no poll shows it', async () => {
    const error = await failureOf(create(dell, { redirect: { ...toRoot, path: 'JID' } }));
    expect(error).toMatchObject({
      code: 'response',
      mayBeDone: true,
      message: expect.stringContaining('answered 200 without the state of the task.'),
    });
  });

  it('is followed by its Task where its monitor does not exist', async () => {
    const redirect = { ...toRoot, path: 'TaskMonitors', to: '/redfish/v1/Nowhere' } as const;
    expect(await create(generic, { redirect })).toMatchObject({ body: { TaskState: 'Completed' } });
    expect(generic.bmc.subscriptions).toHaveLength(1);
  });
});

describe('a finished task that the BMC has deleted', () => {
  const lab = useBmc({}, { profile: 'dell-idrac9' });
  const create = async (taskSteps: TaskScript): Promise<unknown> => {
    lab.bmc.misbehave({ createAnswer: '202-task', taskSteps });
    return lab.client.post(SUBSCRIPTIONS, { ...SUBSCRIPTION, EventTypes: ['Alert'] });
  };

  it('is found among the jobs of the BMC', async () => {
    expect(await create({ polls: 1, becomesJob: true })).toMatchObject({ status: 200 });
    expect(lab.bmc.subscriptions).toHaveLength(1);
  });

  it('is found there also if it failed', async () => {
    const error = await failureOf(create({ polls: 1, becomesJob: true, final: 'Exception' }));
    expect(error).toMatchObject({ code: 'task', state: 'Exception' });
  });
});
