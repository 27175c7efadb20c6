import { askedPause, pauseAfter } from './pause.js';

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
});
