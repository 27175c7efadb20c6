import { Conflict } from '@ferrule/driver-kit';
import { jest } from '@jest/globals';
import { ANYONE } from '../../auth/caller.js';
import { Stop } from '../../waiting/stop.js';
import { type FleetRequest } from '../fleet-call.js';
import { FleetDryRuns } from './fleet-dry-run.js';
import { type FleetPlan } from './fleet-plans.js';

const NODES = 100;
const by: FleetRequest = {
  id: 'f1',
  method: 'm',
  httpMethod: 'POST',
  args: {},
  caller: ANYONE,
  requestId: 'req-1',
  remoteAddress: undefined,
};
const plan: FleetPlan = {
  body: {
    ...by,
    id: undefined,
    asked: { list: [] },
    canary: 0,
    parallelism: 1,
    stopAfter: null,
    lockWait: 0,
  },
  by,
  nodes: Array.from({ length: NODES }, (_, index) => ({
    uuid: `n${index}`,
    name: null,
    driver: 'd',
    vendorInterface: 'v',
    conductorGroup: '',
    owner: null,
    lessee: null,
  })),
  subject: { ...by, action: 'a' },
  details: { arguments: undefined, rule: null },
};

describe('FleetDryRuns', () => {
  let checked: string[];
  let check: (node: string) => void;
  let runs: FleetDryRuns;
  beforeEach(() => {
    checked = [];
    const prepared = async (_by: unknown, node: string): Promise<never> => {
      checked.push(node);
      await Promise.resolve();
      check(node);
      throw new Conflict('no');
    };
    const query = () => Promise.resolve([{ count: 3 } as never]);
    runs = new FleetDryRuns({ prepared }, { query }, { add: () => {} }, { latestDatabaseTime: 0 });
  });

  it('have the errors of the nodes in their order', async () => {
    check = () => {};
    const found = await runs.of(plan, new Stop());
    expect(found).toMatchObject({ would: 202, nodes: NODES, accepted: 0, refused: NODES, locked: 3 });
    expect(found.refusals.map(({ node }) => node)).toEqual(plan.nodes.slice(0, 20).map(({ uuid }) => uuid));
  });

  it.each<[string, () => Error | Stop]>([
    ['an error that is no answer', () => new TypeError('broken')],
    ['the leaving of the client', () => new Stop()],
  ])('check no further node after %s', async (_what, how) => {
    const gone = new Stop();
    check = (node) => {
      if (node !== 'n0') return;
      const end = how();
      if (end instanceof Error) throw end;
      gone.abort(new Conflict('left'));
    };
    await expect(runs.of(plan, gone)).rejects.toThrow(/broken|left/);
    const before = checked.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(checked).toHaveLength(before);
    expect(before).toBeLessThan(NODES / 2);
  });

  it('end after a minute', async () => {
    jest.useFakeTimers();
    try {
      check = (node) => void (node === 'n50' && jest.advanceTimersByTime(61_000));
      await expect(runs.of(plan, new Stop())).rejects.toMatchObject({
        status: 504,
        message: expect.stringMatching(/^The dry run ended after 60 seconds, in which \d+ of 100 nodes/),
      });
      expect(checked.length).toBeLessThan(NODES);
    } finally {
      jest.useRealTimers();
    }
  });
});
