import { Earliest } from './earliest.js';

describe('Earliest', () => {
  it('gives things in the order of their times, and none before its time', () => {
    const things = new Earliest<{ readonly at: number }>();
    const times = Array.from({ length: 1_000 }, (_, index) => (index * 7_919) % 503);
    for (const at of times) things.add({ at });
    const takenUntil = (time: number): number[] => {
      const taken: number[] = [];
      for (let next = things.takeUntil(time); next; next = things.takeUntil(time)) taken.push(next.at);
      return taken;
    };
    const sorted = times.sort((a, b) => a - b);
    expect(takenUntil(250)).toEqual(sorted.filter((at) => at <= 250));
    expect(things.nextTime).toBe(251);
    things.add({ at: 3 });
    expect(things.nextTime).toBe(3);
    expect(takenUntil(999)).toEqual([3, ...sorted.filter((at) => at > 250)]);
    expect([things.size, things.nextTime]).toEqual([0, undefined]);
  });
});
