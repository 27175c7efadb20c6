import { DenialLimit } from './denial-limit.js';

describe('the limit of recorded denials', () => {
  function made() {
    const clock = { now: 0 };
    const limit = new DenialLimit(() => clock.now);
    const taken = (caller: string, asked: number): number =>
      Array.from({ length: asked }, () => limit.takes(caller)).filter(Boolean).length;
    return { clock, limit, taken };
  }

  it('is a hundred a minute of each caller', () => {
    const { clock, taken } = made();
    expect(taken('a', 150)).toBe(100);
    expect(taken('b', 150)).toBe(100);
    clock.now = 59_999;
    expect(taken('a', 1)).toBe(0);
    clock.now = 60_000;
    expect(taken('a', 150)).toBe(100);
  });

  it('is shared by the callers beyond the first thousand', () => {
    const { limit, taken } = made();
    for (let index = 0; index < 1_000; index++) limit.takes(`first-${index}`);
    const more = Array.from({ length: 200 }, (_, index) => limit.takes(`more-${index}`));
    expect(more.filter(Boolean)).toHaveLength(100);
    expect(taken('first-1', 150)).toBe(99);
  });
});
