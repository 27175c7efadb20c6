import { jest } from '@jest/globals';
import { type FleetCallState, type OpenFleetCall } from '../fleet-call.js';
import { type FleetNode, type FleetNodeState } from '../fleet-node.js';
import { type NodeOutcome } from '../node-calls.js';
import { FleetRun } from './fleet-run.js';
import { type RunHost } from './run-host.js';

const CALL: OpenFleetCall = {
  id: 'f1',
  method: 'm',
  httpMethod: 'POST',
  args: {},
  caller: { id: null, name: null, projectId: null, roles: [], hasSystemScope: true, knownBy: 'none' },
  requestId: 'req-1',
  remoteAddress: undefined,
  nodes: 0,
  canary: 0,
  parallelism: 10,
  stopAfter: null,
  lockWait: 600,
};
const MINUTE = 60_000;

/** What one attempt is told and answers. */
type Answer = (node: FleetNode, mayWait: boolean) => NodeOutcome | Promise<NodeOutcome>;

/** A process with one fleet call, whose nodes are as in the database. */
class Process {
  readonly nodes: FleetNode[];
  readonly states = new Map<string, FleetNodeState>();
  readonly log: string[] = [];
  readonly errors: unknown[] = [];
  readonly run: FleetRun;
  readonly done: Promise<void>;
  isDone = false;
  isServed = true;
  answer: Answer = (node) => this.succeed(node);
  beforeProgress = (): void => {};
  afterProgress = (): void => {};

  constructor(count: number, rules: Partial<OpenFleetCall> = {}, state: FleetCallState = 'running') {
    this.nodes = Array.from({ length: count }, (_, position) => ({
      position,
      nodeUuid: `n${position}`,
      jobId: `j${position}`,
    }));
    for (const { jobId } of this.nodes) this.states.set(jobId, 'waiting');
    this.run = new FleetRun(this.host({ ...CALL, nodes: count, ...rules }), state);
    this.done = this.run.run().then(() => void (this.isDone = true));
  }

  /** Its job ends at once. */
  succeed({ jobId }: FleetNode): NodeOutcome {
    this.states.set(jobId, 'succeeded');
    void Promise.resolve().then(() => this.run.onChange([jobId]));
    return { is: 'accepted' };
  }

  private inState(...states: FleetNodeState[]): FleetNode[] {
    return this.nodes.filter(({ jobId }) => states.some((state) => this.states.get(jobId) === state));
  }

  private host(call: OpenFleetCall): RunHost {
    return {
      isServing: true,
      isServed: () => this.isServed,
      read: async () => call,
      progress: async () => {
        this.beforeProgress();
        const started = this.inState('started').map(({ jobId }) => jobId);
        this.afterProgress();
        return { failed: 0, failedCanary: 0, succeededCanary: 0, started };
      },
      waiting: async (after, limit) =>
        this.inState('waiting')
          .filter(({ position }) => position > after)
          .slice(0, limit),
      states: async (jobIds) =>
        this.nodes
          .filter(({ jobId }) => jobIds.includes(jobId))
          .map((node) => ({ ...node, state: this.states.get(node.jobId) ?? 'waiting' })),
      attempt: async (_call, node, mayWait) => {
        this.log.push(`attempt ${node.nodeUuid}`);
        return this.answer(node, mayWait());
      },
      refuse: async ({ jobId }) => void this.states.set(jobId, 'refused'),
      cancelJobs: async () => {},
      stop: async () => {},
      skip: async (limit) => {
        const skipped = this.inState('waiting').slice(0, limit);
        for (const { jobId } of skipped) this.states.set(jobId, 'skipped');
        this.log.push(`skip ${skipped.length}`);
        return skipped.length;
      },
      end: async () => {
        this.log.push('end');
        return this.inState('waiting', 'started').length === 0;
      },
      release: async () => void this.log.push('release'),
      onError: (error) => this.errors.push(error),
    };
  }
}

describe('the run of a fleet call', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

  it('is released once only nodes are left that other processes serve', async () => {
    const here = new Process(3);
    here.answer = (node) => (node.position === 1 ? { is: 'elsewhere' } : here.succeed(node));
    await pass(MINUTE);
    expect(here.isDone).toBe(true);
    expect(here.log).toEqual(['attempt n0', 'attempt n1', 'attempt n2', 'release']);
    expect(here.states.get('j1')).toBe('waiting');
  });

  it('is released if the canary nodes are elsewhere', async () => {
    const here = new Process(3, { canary: 1 });
    here.answer = () => ({ is: 'elsewhere' });
    await pass(MINUTE);
    expect(here.log).toEqual(['attempt n0', 'release']);
  });

  it('ends also if the process before it has started a job after its progress was read', async () => {
    const here = new Process(2);
    here.afterProgress = () => {
      here.states.set('j0', 'started');
      here.afterProgress = () => {};
    };
    await pass(MINUTE);
    expect(here.isDone).toBe(false);
    here.states.set('j0', 'failed');
    // As the runner does again and again.
    here.run.onChange(undefined);
    await pass(1_000);
    expect(here.isDone).toBe(true);
    expect(here.log).toContain('attempt n1');
    expect(here.log).not.toContain('attempt n0');
  });

  it('ends if such a job has ended before it looked again', async () => {
    const here = new Process(1);
    here.afterProgress = () => {
      here.states.set('j0', 'started');
      here.afterProgress = () => {};
      here.beforeProgress = () => void here.states.set('j0', 'succeeded');
    };
    await pass(1);
    expect(here.isDone).toBe(false);
    await pass(2_000);
    expect(here.isDone).toBe(true);
  });

  it('is kept while a node of its own is locked, or it is paused', async () => {
    const here = new Process(2);
    here.answer = (node) => ({ is: node.position === 0 ? 'later' : 'elsewhere' });
    await pass(MINUTE);
    here.run.observe('paused');
    await pass(MINUTE);
    expect(here.log).not.toContain('release');
    here.run.leave();
    await here.done;
  });

  it('does not count the time of a pause as waiting for a lock', async () => {
    const here = new Process(1, { lockWait: 30 });
    const mayWait: boolean[] = [];
    here.answer = (_, may) => {
      mayWait.push(may);
      return may ? { is: 'later' } : { is: 'refused', error: { code: 'NodeLocked', message: 'locked' } };
    };
    await pass(10_000);
    here.run.observe('paused');
    await pass(10 * MINUTE);
    const before = mayWait.length;
    here.run.observe('running');
    await pass(1_000);
    expect(mayWait.length).toBeGreaterThan(before);
    expect(new Set(mayWait)).toEqual(new Set([true]));
    await pass(MINUTE);
    expect(here.states.get('j0')).toBe('refused');
    expect(here.isDone).toBe(true);
  });

  it('tries nodes without a conductor again once there is one, and each minute, since they may have been moved', async () => {
    const here = new Process(3);
    here.isServed = false;
    const awaits = { driver: 'd', group: '' };
    here.answer = (node) => (here.isServed ? here.succeed(node) : { is: 'later', awaits });
    await pass(9 * MINUTE);
    expect(here.log.length).toBeLessThanOrEqual(3 * 10);
    expect(here.log.length).toBeGreaterThan(3 * 5);
    here.isServed = true;
    await pass(10_000);
    expect(here.isDone).toBe(true);
    expect([...here.states.values()]).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('gives up nodes without a conductor when their time is over', async () => {
    const here = new Process(1, { lockWait: 30 });
    here.isServed = false;
    const error = { code: 'TemporaryFailure', message: 'away' };
    here.answer = (_, may) =>
      may ? { is: 'later', awaits: { driver: 'd', group: '' } } : { is: 'refused', error };
    await pass(MINUTE);
    expect(here.states.get('j0')).toBe('refused');
    expect(here.isDone).toBe(true);
  });

  it('skips the rest of many nodes a few at a time', async () => {
    const here = new Process(12_000, {}, 'cancelling');
    await pass(1);
    expect(here.log).toEqual(['skip 5000', 'skip 5000', 'skip 2000', 'end']);
    expect(here.isDone).toBe(true);
  });

  it('goes on when jobs can be accepted again, whenever that is noticed', async () => {
    const here = new Process(3, { parallelism: 1 });
    let isAway = true;
    here.answer = (node) => (isAway ? { is: 'unavailable' } : here.succeed(node));
    await pass(2_500);
    isAway = false;
    await pass(5_000);
    expect([...here.states.values()]).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(here.isDone).toBe(true);
  });

  it('is left only after the jobs that were being started', async () => {
    const here = new Process(1);
    let start = (): void => {};
    here.answer = () => new Promise((resolve) => (start = () => resolve({ is: 'accepted' })));
    await pass(1);
    here.run.leave();
    await pass(MINUTE);
    expect(here.isDone).toBe(false);
    start();
    await pass(1);
    expect(here.isDone).toBe(true);
  });
});
