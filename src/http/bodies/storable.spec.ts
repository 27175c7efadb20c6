import { MalformedBody } from '../errors.js';
import { assertStorable } from './storable.js';

const check =
  (value: unknown): (() => void) =>
  () =>
    assertStorable(value, 'The body');

describe('storable values', () => {
  it.each([null, true, 1.5, '', 'žluťoučký 🐎', [], {}, { a: [{ b: 'c' }] }])('%j is accepted', (value) => {
    expect(check(value)).not.toThrow();
  });

  it.each([
    ['\0', 'The body has a NUL character.'],
    [{ extra: { notes: ['a', 'b\0c'] } }, 'The body has a NUL character at extra.notes.1.'],
    [{ extra: { 'a\0b': 1 } }, 'The body has a NUL character in the name of a member at extra.'],
    [{ name: '\ud83d' }, 'The body has a lone surrogate at name.'],
    [[{ '\udc0d': 1 }], 'The body has a lone surrogate in the name of a member at 0.'],
    [{ n: Infinity }, 'The body has a number that is out of range at n.'],
  ])('%j is not', (value, message) => {
    expect(check(value)).toThrow(new MalformedBody(message));
  });

  it('may be nested 25 levels deep', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(check(nested(25))).not.toThrow();
    expect(check(nested(26))).toThrow('The body is nested deeper than 25 levels');
  });

  it('have their path shortened in errors', () => {
    expect(check({ ['k'.repeat(500)]: '\0' })).toThrow(`at ${'k'.repeat(200)}….`);
  });
});
