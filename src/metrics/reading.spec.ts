import { Reading } from './reading.js';

describe('Reading', () => {
  it('is done once for all who ask at the same time', async () => {
    let readings = 0;
    const reading = new Reading(async () => ++readings, 1_000);
    expect(await Promise.all([reading.latest(), reading.latest()])).toEqual([1, 1]);
    expect(await reading.latest()).toBe(2);
  });

  it('is undefined if it fails, and is tried again', async () => {
    let readings = 0;
    const reading = new Reading(async () => {
      readings += 1;
      if (readings === 1) throw new Error('away');
      return readings;
    }, 1_000);
    expect(await reading.latest()).toBeUndefined();
    expect(await reading.latest()).toBe(2);
  });

  it('that hangs is undefined, and is not started again while it hangs', async () => {
    let readings = 0;
    let settle = (_: number): void => {};
    const hanging = (): Promise<number> => {
      readings += 1;
      return new Promise((resolve) => (settle = resolve));
    };
    const reading = new Reading(hanging, 1);
    expect(await reading.latest()).toBeUndefined();
    expect(await reading.latest()).toBeUndefined();
    expect(readings).toBe(1);
    settle(7);
    await Promise.resolve();
    expect(await reading.latest()).toBeUndefined();
    expect(readings).toBe(2);
  });
});
