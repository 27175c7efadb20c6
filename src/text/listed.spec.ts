import { firstOf, listed, shortened } from './listed.js';

describe('names in messages', () => {
  it('are sorted', () => {
    expect(listed(['zeta', 'alpha'])).toBe('alpha, zeta');
    expect(listed([])).toBe('');
  });

  it('are at most ten, with the number of the rest', () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${10 + index}`);
    expect(listed(names.slice(0, 10))).toBe('n10, n11, n12, n13, n14, n15, n16, n17, n18, n19');
    expect(listed(names)).toBe('n10, n11, n12, n13, n14, n15, n16, n17, n18, n19 and 2 more');
    expect(firstOf(names)).toEqual({ named: names.slice(0, 10), rest: 2 });
  });

  it('are cut when they are long', () => {
    expect(shortened('x'.repeat(200))).toBe('x'.repeat(200));
    expect(listed(['x'.repeat(201)])).toBe(`${'x'.repeat(200)}…`);
  });
});
