import { copyOf } from './copy-of.js';

describe('a copy of JSON', () => {
  it.each<[string, unknown]>([
    ['a text', 'a'],
    ['null', null],
    ['objects in lists in objects', { a: [{ b: [1, true, null] }], c: {} }],
    ['a member called __proto__', JSON.parse('{"a":{"__proto__":{"x":{"y":1}}}}')],
  ])('is equal: %s', (_, value) => {
    expect(JSON.stringify(copyOf(value))).toBe(JSON.stringify(value));
  });

  it('shares no object with the original', () => {
    const original = JSON.parse('{"a":[{"b":1}],"__proto__":{"x":1}}') as { a: { b?: number }[] };
    const before = JSON.stringify(original);
    const copy = copyOf(original);
    delete copy.a[0]?.b;
    copy.a.push({});
    const own: unknown = Object.getOwnPropertyDescriptor(copy, '__proto__')?.value;
    Object.assign(own ?? {}, { x: 2 });
    expect(JSON.stringify(copy)).toBe('{"a":[{},{}],"__proto__":{"x":2}}');
    expect(JSON.stringify(original)).toBe(before);
  });
});
