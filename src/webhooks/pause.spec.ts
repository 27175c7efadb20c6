import { askedPause, nextPause, Pause, pauseAfter } from './pause.js';

describe('the pause before the next attempt', () => {
  it('doubles from a second to an hour, and is up to a quarter longer', () => {
    expect([1, 2, 3, 12, 13, 100].map((attempts) => pauseAfter(attempts, 0))).toEqual([
      1, 2, 4, 2_048, 3_600, 3_600,
    ]);
    expect(pauseAfter(3, 1)).toBe(5);
  });

  it('can be asked for in seconds or as a time, up to an hour', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(askedPause('120', now)).toBe(120);
    expect(askedPause('Thu, 01 Jan 2026 00:02:00 GMT', now)).toBe(120);
    expect(askedPause('Fri, 02 Jan 2026 00:00:00 GMT', now)).toBe(3_600);
    for (const none of [undefined, '', 'x', '-1', 'Wed, 31 Dec 2025 00:00:00 GMT']) {
      expect(askedPause(none, now)).toBeUndefined();
    }
  });

  it('ends no later than the time until which a delivery is tried, and there is none after that', () => {
    expect(nextPause(100, 600)).toBe(600);
    expect(nextPause(1, 600, 3_600)).toBe(600);
    expect(nextPause(1, 600, 60)).toBe(60);
    expect(nextPause(1, 0)).toBeUndefined();
    expect(nextPause(1, -86_400, 60)).toBeUndefined();
  });
});

describe('the pause of all attempts', () => {
  it('goes on for as long as was asked for, also if another answer asks for less', () => {
    const pause = new Pause();
    expect(pause.isOver(1)).toBe(true);
    pause.ask(3_600, 1_000);
    pause.ask(0, 1_001);
    expect(pause.isOver(3_600_999)).toBe(false);
    expect(pause.isOver(3_601_000)).toBe(true);
  });
});
