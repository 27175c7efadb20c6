import { type FleetNode } from '../fleet-node.js';
import { Turns } from './turns.js';

const nodes: readonly FleetNode[] = [0, 1, 2].map((position) => ({
  position,
  nodeUuid: `n${position}`,
  jobId: `j${position}`,
}));

describe('Turns', () => {
  let canary: number;
  let turns: Turns;
  beforeEach(() => {
    canary = 3;
    const read = async (after: number) => nodes.filter(({ position }) => position > after);
    turns = new Turns(read, ({ position }) => position < canary);
  });

  const isDue = () => (turns.nextTime ?? Infinity) <= performance.now();

  it('are due as long as a node may have its turn, also when nothing was tried', async () => {
    expect(isDue()).toBe(true);
    await turns.next(0);
    expect(isDue()).toBe(true);
    canary = 1;
    expect(turns.nextTime).toBeUndefined();
    expect(await turns.next(0)).toBeUndefined();
  });

  it('come again later, and are over when none is left', async () => {
    const turn = await turns.next(7);
    await turns.next(7);
    await turns.next(7);
    expect(turns.areOver).toBe(true);
    if (!turn) throw new Error('There is no turn.');
    turns.again(turn, { pause: 60_000 });
    expect([turns.areOver, isDue()]).toEqual([false, false]);
    expect(await turns.next(8)).toBeUndefined();
    turns.again(turn, { pause: 0 });
    expect(await turns.next(8)).toMatchObject({ node: nodes[0], begun: 7 });
  });
});
