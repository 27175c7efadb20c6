import { hasTooManyValues, MAXIMUM_VALUES } from './json-size.js';

describe('hasTooManyValues', () => {
  const items = (length: number) => Array.from({ length }, () => 'x');

  it('counts the members and items of all levels', () => {
    const half = MAXIMUM_VALUES / 2;
    expect(hasTooManyValues({ a: items(half), b: { c: items(half - 3) } })).toBe(false);
    expect(hasTooManyValues({ a: items(half), b: { c: items(half - 2) } })).toBe(true);
  });

  it.each([
    ['a long string', 'x'.repeat(1_000_000)],
    ['nothing', null],
    ['an empty object', {}],
  ])('allows %s', (_name, value) => expect(hasTooManyValues(value)).toBe(false));
});
