import { FailedAttempts } from './failed-attempts.js';

describe('FailedAttempts', () => {
  const after = (attempts: FailedAttempts, failures: number): number[] =>
    Array.from({ length: failures }, () => {
      attempts.failed('a');
      return attempts.delay('a');
    });

  it('delays the fifth failure and later ones, up to a limit, for the same origin only', () => {
    const attempts = new FailedAttempts(() => 0);
    expect(attempts.delay('a')).toBe(0);
    expect(after(attempts, 10)).toEqual([0, 0, 0, 0, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(attempts.delay('b')).toBe(0);
  });

  it('forgets failures after a success, and with time', () => {
    let now = 0;
    const attempts = new FailedAttempts(() => now);
    after(attempts, 6);
    attempts.succeeded('a');
    expect(attempts.delay('a')).toBe(0);
    after(attempts, 6);
    now = 300_001;
    expect(attempts.delay('a')).toBe(0);
    expect(after(attempts, 5)).toEqual([0, 0, 0, 0, 500]);
  });
});
