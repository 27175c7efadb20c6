import { exceededLimit } from './json-size.js';

describe('exceededLimit', () => {
  const items = (length: number) => Array.from({ length }, () => 'x');
  const limits = { bytes: 1_000, values: 100 };

  it('counts the members and items of all levels', () => {
    expect(exceededLimit(limits, { a: items(50), b: { c: items(47) } })).toBeUndefined();
    expect(exceededLimit(limits, { a: items(50), b: { c: items(48) } })).toBe('values');
  });

  it.each<[string, unknown]>([
    ['strings', ['x'.repeat(500), 'x'.repeat(500)]],
    ['keys', { ['x'.repeat(1_000)]: 1 }],
    ['binary data', new Uint8Array(1_001)],
  ])('counts the bytes of %s', (_name, value) => expect(exceededLimit(limits, value)).toBe('bytes'));

  it('counts no members of an object that makes its own JSON, but those of one with a member of that name', () => {
    expect(exceededLimit(limits, { a: items(101), toJSON: () => null })).toBeUndefined();
    expect(exceededLimit(limits, { a: items(101), toJSON: true })).toBe('values');
  });

  it('ends for a value that contains itself', () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    expect(exceededLimit(limits, value)).toBeUndefined();
  });
});
