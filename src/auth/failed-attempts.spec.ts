import { FailedAttempts } from './failed-attempts.js';

describe('FailedAttempts', () => {
  const several = (attempts: FailedAttempts, number: number) =>
    Array.from({ length: number }, () => attempts.begin('a'));

  it('lets attempts that come at the same time wait one after another, up to a limit, for the same origin only', () => {
    const attempts = new FailedAttempts(() => 0);
    expect(several(attempts, 11)).toEqual([0, 0, 0, 0, 500, 1500, 3500, 7500, 12_500, undefined, undefined]);
    expect(attempts.begin('b')).toBe(0);
  });

  it('delays attempts that come one after another by five seconds at most', () => {
    let now = 0;
    const attempts = new FailedAttempts(() => now);
    const waits = Array.from({ length: 10 }, () => {
      const wait = attempts.begin('a') ?? NaN;
      now += wait;
      return wait;
    });
    expect(waits).toEqual([0, 0, 0, 0, 500, 1000, 2000, 4000, 5000, 5000]);
  });

  it('forgets attempts after a success, and with time', () => {
    let now = 0;
    const attempts = new FailedAttempts(() => now);
    several(attempts, 6);
    attempts.succeeded('a');
    expect(attempts.begin('a')).toBe(0);
    several(attempts, 5);
    now = 400_000;
    expect(several(attempts, 5)).toEqual([0, 0, 0, 0, 500]);
  });

  it('does not count an attempt without a result', () => {
    const attempts = new FailedAttempts(() => 0);
    several(attempts, 4);
    attempts.withdrawn('a');
    expect(several(attempts, 2)).toEqual([0, 500]);
  });
});
