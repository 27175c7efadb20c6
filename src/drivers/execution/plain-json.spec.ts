import { Readable } from 'node:stream';
import { LimitExceeded, plainJson } from './plain-json.js';

const LIMITS = { bytes: 1_000, values: 100 };
const copy = (value: unknown) => plainJson(LIMITS, value);
function doubled(times: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < times; level++) value = [value, value];
  return value;
}
function* generator() {
  yield 1;
}

describe('a plain copy', () => {
  it.each<[string, unknown]>([
    ['values of all kinds', { a: [1, 'b', null, true, { c: -1.5 }], d: {} }],
    ['what JSON leaves out', { a: undefined, b: () => 1, c: [undefined, Symbol('x')], d: NaN }],
    ['objects that make their own JSON', { at: new Date(0), url: new URL('http://a.example/') }],
    ['boxed values', [new String('a'), new Number(1), new Boolean(false)]],
    ['a member that is called __proto__', JSON.parse('{"__proto__":{"x":1}}')],
    ['bytes', [Buffer.from([1, 2]), new Uint16Array([3])]],
    ['bytes with members of their own', [view({ x: { y: [1] } }), view({ toJSON: () => [2] })]],
    ['an object that occurs twice', ((one) => [one, one])({ a: 1 })],
  ])('has the same JSON: %s', (_, value) => {
    expect(JSON.stringify(copy(value))).toBe(JSON.stringify(value));
  });

  it.each<[string, unknown, string]>([
    ['a text', 'x'.repeat(999), 'bytes'],
    ['a text with escapes', '\u0001'.repeat(167), 'bytes'],
    ['a text of surrogate pairs', '🐎'.repeat(250), 'bytes'],
    ['a text of lone surrogates', '\ud800'.repeat(167), 'bytes'],
    ['the name of a member', { ['ä'.repeat(500)]: 1 }, 'bytes'],
    ['its own JSON', { toJSON: () => 'x'.repeat(1_001) }, 'bytes'],
    ['the JSON of a member', { a: { toJSON: () => new Array<number>(101).fill(1) } }, 'values'],
    ['an object that occurs again and again', doubled(24), 'values'],
    ['items that are not there', Array(4_000_000_000), 'values'],
    ['bytes', Buffer.alloc(101), 'values'],
    ['a long member of bytes', view({ x: 'x'.repeat(1_001) }), 'bytes'],
    ['the own JSON of bytes', view({ toJSON: () => 'x'.repeat(1_001) }), 'bytes'],
    ['many items in a member of bytes', view({ x: new Array<number>(101).fill(1) }), 'values'],
    ['bytes that hide their number', hidden(new Uint8Array(101)), 'values'],
  ])('stops at the limits: %s', (_, value, limit) => {
    expect(() => copy(value)).toThrow(new LimitExceeded(limit as 'bytes' | 'values'));
  });

  it.each(['x'.repeat(998), '\n"\\'.repeat(166), '🐎'.repeat(249), 'ä'.repeat(499), '€'.repeat(332)])(
    'allows as many bytes as the limit: %.5s',
    (text) => {
      expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(1_000);
      expect(copy(text)).toBe(text);
    },
  );

  it('calls toJSON and getters once', () => {
    let calls = 0;
    const value = {
      get a() {
        return { toJSON: () => ++calls };
      },
    };
    expect(copy(value)).toEqual({ a: 1 });
    expect(calls).toBe(1);
  });

  it.each<[string, unknown, string]>([
    ['a stream', new Readable({ read: () => {} }), 'it has a stream, iterator or collection'],
    ['a generator', { a: generator() }, 'it has a stream, iterator or collection'],
    ['a map', [new Map()], 'it has a stream, iterator or collection'],
    ['a BigInt', { n: 1n }, 'it has a BigInt'],
    ['a deep member of bytes', view({ x: deep(1_001) }), 'it is nested deeper than 1000 levels'],
    ['a BigInt in a typed array', new BigInt64Array(1), 'it has a BigInt'],
    ['a deep value', deep(1_002), 'it is nested deeper than 1000 levels'],
  ])('is refused: %s', (_, value, message) => {
    expect(() => plainJson({ bytes: 10_000, values: 10_000 }, value)).toThrow(message);
  });
});

function view(members: object): object {
  return Object.assign(new Uint8Array([7]), members);
}

function hidden(bytes: Uint8Array): object {
  return Object.defineProperties(bytes, { length: { value: 0 }, byteLength: { value: 0 } });
}

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
