import { until } from '../bmc.spec-support.js';
import { Deadline } from './deadline.js';

const MANY = 100;

/** Blocks the event loop, so that the timers of some milliseconds are all due in its next turn. */
function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('Deadline', () => {
  it('acts once', async () => {
    let count = 0;
    new Deadline(1, () => (count += 1));
    await until(() => count > 0);
    block(5);
    await turn();
    await turn();
    expect(count).toBe(1);
  });

  it('lets the event loop turn while many have passed together', async () => {
    let count = 0;
    for (let number = 0; number < MANY; number += 1) new Deadline(1, () => (count += 1));
    block(5);
    const most: number[] = [];
    while (count < MANY) {
      const before = count;
      await turn();
      most.push(count - before);
    }
    expect(Math.max(...most)).toBeLessThan(MANY / 5);
  });

  it('does not act if it is cleared, or begun again, after it has passed', async () => {
    const acted: string[] = [];
    const others = Array.from({ length: MANY }, () => new Deadline(1, () => acted.push('other')));
    const cleared = new Deadline(1, () => acted.push('cleared'));
    const renewed = new Deadline(1, () => acted.push('renewed'));
    block(5);
    await until(() => acted.length > 0);
    cleared.clear();
    renewed.refresh();
    await until(() => acted.length > others.length);
    expect(acted.filter((name) => name === 'other')).toHaveLength(others.length);
    expect(acted.at(-1)).toBe('renewed');
    expect(acted).not.toContain('cleared');
  });

  it('does not act if one that passed with it clears it', async () => {
    const acted: string[] = [];
    const pair: Deadline[] = ['one', 'other'].map(
      (name) =>
        new Deadline(1, () => {
          acted.push(name);
          pair.forEach((each) => each.clear());
        }),
    );
    block(5);
    await until(() => acted.length > 0);
    await turn();
    expect(acted).toHaveLength(1);
  });
});
