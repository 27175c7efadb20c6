import { Places } from './places.js';

describe('Places', () => {
  it('are shared: nobody takes all of them', () => {
    const places = new Places(5, 3);
    const taken = Array.from({ length: 4 }, () => places.take('a'));
    expect(taken.map((giveBack) => giveBack !== undefined)).toEqual([true, true, true, false]);
    expect([places.take('b'), places.take('b'), places.take('b')].filter(Boolean)).toHaveLength(2);
    expect(places.taken).toBe(5);
    expect(places.take('c')).toBeUndefined();
  });

  it('are given back once', () => {
    const places = new Places(2, 1);
    const giveBack = places.take('a');
    const other = places.take('b');
    giveBack?.();
    giveBack?.();
    expect(places.taken).toBe(1);
    expect(places.take('a')).toBeDefined();
    expect(places.take('c')).toBeUndefined();
    other?.();
    expect(places.take('c')).toBeDefined();
  });
});
