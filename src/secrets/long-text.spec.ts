import { beginningOf } from './long-text.js';

describe('a long text', () => {
  it('is kept up to the limit, and cut above it', () => {
    expect(beginningOf('abc', 3)).toBe('abc');
    expect(beginningOf('abcd', 3)).toBe('abc…');
  });

  it('is not read if it is huge', () => {
    expect(beginningOf('x'.repeat(40_000_000), 3)).toBe('(a text of 40000000 characters, too long to show)');
  });
});
