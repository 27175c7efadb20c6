import { storableProblem } from './storable.js';

describe('storable values', () => {
  it.each([null, true, 1.5, '', 'žluťoučký 🐎', [], {}, { a: [{ b: 'c' }] }])('%j is accepted', (value) => {
    expect(storableProblem(value)).toBeUndefined();
  });

  it.each([
    ['\0', 'has a NUL character'],
    [{ extra: { notes: ['a', 'b\0c'] } }, 'has a NUL character at extra.notes.1'],
    [{ extra: { 'a\0b': 1 } }, 'has a NUL character in the name of a member at extra'],
    [{ name: '\ud83d' }, 'has a lone surrogate at name'],
    [[{ '\udc0d': 1 }], 'has a lone surrogate in the name of a member at 0'],
    [{ n: Infinity }, 'has a number that is out of range at n'],
  ])('%j is not', (value, message) => {
    expect(storableProblem(value)).toBe(message);
  });

  it('may be nested 25 levels deep', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(storableProblem(nested(25))).toBeUndefined();
    expect(storableProblem(nested(26))).toContain('is nested deeper than 25 levels');
  });

  it('have their path shortened in errors', () => {
    expect(storableProblem({ ['k'.repeat(500)]: '\0' })).toContain(` at ${'k'.repeat(200)}…`);
  });
});
