import fc from 'fast-check';
import { ArgumentCondition } from './argument-condition.js';
import { wordsOf } from './argument-words.js';
import { CallWords } from './call-words.js';

describe('the words of an argument', () => {
  it.each([
    ['text', ['text']],
    [5, ['5']],
    [null, ['null']],
    [undefined, []],
    [{ A: 'x', B: { C: ['y'] } }, ['A', 'B', 'C', 'y']],
    [
      [{ name: 'A' }, true],
      ['A', 'name', 'true'],
    ],
  ])('of %j are %j', (value, words) => {
    const found = wordsOf(value);
    expect([...found.words].sort()).toEqual([...words].sort());
    expect(found.isOpaque).toBe(false);
  });

  it('may be hidden in an object of a class', () => {
    expect(wordsOf({ a: new Date(0) }).isOpaque).toBe(true);
    expect(wordsOf(new Set(['x'])).isOpaque).toBe(true);
  });

  it('are found at any depth', () => {
    let value: unknown = 'bottom';
    for (let depth = 0; depth < 100_000; depth++) value = [value];
    expect(wordsOf(value).words).toEqual(['bottom']);
  });

  it('that are forbidden are found wherever they are in an object', () => {
    const none = new ArgumentCondition('settings', 'none_of', ['Forbidden']);
    const spelling = fc.constantFrom(
      'Forbidden',
      'forbidden',
      'FORBIDDEN',
      ' Forbidden',
      'Group.Forbidden',
      'Ｆorbidden',
    );
    const around = fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 5 })), { maxLength: 5 });
    fc.assert(
      fc.property(spelling, around, (word, levels) => {
        let value: unknown = { [word]: 1 };
        for (const [isList, key] of levels) {
          value = isList ? [1, value] : Object.fromEntries([[key === '__proto__' ? 'k' : key, value]]);
        }
        expect(none.verdict(new CallWords({ settings: value }), true)).toBe('fails');
      }),
    );
  });
});
