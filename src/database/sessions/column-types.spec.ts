import { rfc3339 } from './column-types.js';

describe('rfc3339', () => {
  it.each([
    ['2026-11-22 16:52:50+00', '2026-11-22T16:52:50.000000+00:00'],
    ['2026-11-22 16:52:50.1234+00', '2026-11-22T16:52:50.123400+00:00'],
    ['2026-11-22 16:52:50.123456+00', '2026-11-22T16:52:50.123456+00:00'],
  ])('%s is %s', (sent, shown) => expect(rfc3339(sent)).toBe(shown));

  it('refuses a time that is not in UTC', () => {
    expect(() => rfc3339('2026-11-22 16:52:50+01')).toThrow(/not in UTC/);
  });
});
