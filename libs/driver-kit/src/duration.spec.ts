import { milliseconds } from './duration.js';

describe('milliseconds', () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('reads %s', (text, expected) => {
    expect(milliseconds(text)).toBe(expected);
  });

  it.each(['', '30', 's', '-1s', '1 s', '1w', '1e3s', 'NaNs'])('refuses %p', (text) => {
    expect(() => milliseconds(text)).toThrow(RangeError);
  });
});
