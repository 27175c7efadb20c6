import { RequestRate } from './request-rate.js';

describe('RequestRate', () => {
  it('lets the requests of ten seconds come at once, then as many as the rate', () => {
    let now = 5_000;
    const rate = new RequestRate(2, () => now);
    const asked = (times: number) => Array.from({ length: times }, () => rate.take('a'));
    expect(asked(20)).toEqual(Array(20).fill(0));
    expect(asked(2)).toEqual([500, 500]);
    expect(rate.take('b')).toBe(0);
    now += 400;
    expect(rate.take('a')).toBe(100);
    now += 100;
    expect(asked(2)).toEqual([0, 500]);
    now += 60_000;
    expect(asked(21)).toEqual([...Array(20).fill(0), 500]);
  });

  it('remembers as many callers as fit', () => {
    const rate = new RequestRate(1, () => 0);
    for (let times = 0; times < 10; times += 1) rate.take('first');
    expect(rate.take('first')).toBeGreaterThan(0);
    for (let other = 0; other < 10_000; other += 1) rate.take(String(other));
    expect(rate.take('first')).toBe(0);
  });
});
