import { ArgumentCondition, type Comparison } from './argument-condition.js';
import { CallWords } from './call-words.js';

/** Whether a rule with the condition lets a call pass: an allowing one if it holds, a denying one if it fails. */
function passes(comparison: Comparison, listed: string[], args: Record<string, unknown>, isAllowing = true) {
  const verdict = new ArgumentCondition('mode', comparison, listed).verdict(new CallWords(args), isAllowing);
  return verdict === (isAllowing ? 'holds' : 'fails');
}

const deep = (levels: number, bottom: unknown): unknown => {
  let value = bottom;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { on: value };
  return value;
};

describe('a condition for an argument', () => {
  it.each([
    ['a text', 'Off', ['Off']],
    ['a number', 7, ['7']],
    ['the same number as a text', '7', ['7']],
    ['a number in another notation', 1e2, ['100']],
    ['a negative zero', -0, ['0']],
    ['a fraction', 0.5, ['0.5']],
    ['a large number', 1e21, ['1e+21']],
    ['a big integer', 2n ** 70n, [String(2n ** 70n)]],
    ['true', true, ['true']],
    ['null', null, ['null']],
    ['an empty text', '', ['']],
    ['an item of a list', ['On', 'Off'], ['Off']],
    ['an item of a list in a list', [[['Off']]], ['Off']],
    ['the name of a member', { Off: 1 }, ['Off']],
    ['the name of a member without a value', { Off: undefined }, ['Off']],
    ['the name of a member deep inside', { a: { b: { Off: {} } } }, ['Off']],
    ['a value of an object in a list', [{ name: 'Off' }], ['Off']],
    ['a text at a depth of thousands', deep(20_001, 'Off'), ['Off']],
    ['a member called __proto__', JSON.parse('{"__proto__": 1}') as unknown, ['__proto__']],
    ['a member called constructor', { constructor: 1 }, ['constructor']],
    [
      'a member of an object without a prototype',
      Object.assign(Object.create(null) as object, { Off: 1 }),
      ['Off'],
    ],
    ['another case', 'OFF', ['Off']],
    ['full-width letters', 'Ｏｆｆ', ['Off']],
    ['a ligature', 'oﬀ', ['off']],
    ['another composition of a letter', 'u\u0308', ['\u00fc']],
    ['a zero-width space inside', 'O\u200bff', ['Off']],
    ['a soft hyphen and a variation selector inside', 'O\u00adf\ufe0ff', ['Off']],
    ['a zero-width space between words', 'Mode\u200bOff', ['Off']],
    ['a mark of direction around', '\u202eOff\u202c', ['Off']],
    ['spaces around', '\u00a0 Off\t', ['Off']],
    ['a part of a text', 'Boot/Mode=Off', ['Off']],
    ['a part between line ends', 'a\nOff\r\nb', ['Off']],
  ])('finds %s', (_what, value, listed) => {
    const args = { mode: value };
    expect(passes('none_of', listed, args)).toBe(false);
    expect(passes('any_of', listed, args, false)).toBe(false);
    const other = { Mode: value };
    expect(passes('none_of', listed, other)).toBe(false);
  });

  it.each([
    ['a longer word', 'Offline', ['Off']],
    ['a value of an object, of which names count', { mode: 'Off' }, ['Off']],
    ['an empty list', [], ['Off']],
    ['an empty object', {}, ['Off']],
    ['nothing', undefined, ['Off']],
    ['false, if null is listed', false, ['null']],
    ['a number, if one with more digits is listed', 7, ['70']],
  ])('does not find %s', (_what, value, listed) => {
    expect(passes('none_of', listed, { mode: value })).toBe(true);
    expect(passes('any_of', listed, { mode: value }, false)).toBe(true);
  });

  it.each([
    ['one of them', 'On', true],
    ['some of them', ['On', 5], true],
    ['nothing at all', undefined, true],
    ['another one', 'Off', false],
    ['one of them and another', ['On', 'Off'], false],
    ['one of them in another case', 'ON', false],
    ['a text with one of them', 'On,Off', false],
    ['a member beside those', { On: 1, Off: 1 }, false],
    ['an empty text', '', false],
    ['null', null, false],
  ])('says whether there is only what is listed: %s', (_what, value, expected) => {
    expect(passes('only', ['On', '5'], { mode: value })).toBe(expected);
  });

  it.each([
    ['a date', new Date(0)],
    ['a map', new Map([['Off', 1]])],
    ['bytes', new Uint8Array(2)],
    ['a function', () => 'Off'],
    ['a symbol', Symbol('Off')],
    ['one of these deep inside', [{ a: [new Date(0)] }]],
  ])('lets nothing pass that cannot be compared: %s', (_what, value) => {
    for (const comparison of ['none_of', 'any_of', 'only'] as const) {
      for (const isAllowing of [true, false]) {
        expect(passes(comparison, ['On'], { mode: value }, isAllowing)).toBe(false);
      }
    }
  });

  it('takes arguments whose names differ in case or form for one', () => {
    expect(passes('none_of', ['Off'], { mode: 'On', MODE: 'Off' })).toBe(false);
    expect(passes('only', ['On'], { mode: 'On', ｍode: 'Off' })).toBe(false);
    expect(passes('none_of', ['Off'], { modes: 'Off' })).toBe(true);
  });
});
