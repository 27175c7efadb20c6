import { HeldBytes } from './held-bytes.js';

describe('held bytes', () => {
  const abandoned: string[] = [];
  const held = new HeldBytes(100);
  const holder = (name: string) => ({ abandon: () => void abandoned.push(name) });
  const [first, second, third] = [holder('first'), holder('second'), holder('third')];
  beforeEach(() => abandoned.splice(0));

  it('may have the total, above which the oldest is abandoned', () => {
    held.add(first, 0);
    held.add(second, 0);
    held.grow(second, 60);
    held.grow(first, 40);
    expect(abandoned).toEqual([]);
    held.grow(second, 1);
    expect(abandoned).toEqual(['first']);
  });

  it('count no more once they are removed or abandoned', () => {
    held.grow(first, 1_000);
    held.remove(first);
    held.add(third, 39);
    expect(abandoned).toEqual([]);
    held.remove(second);
    held.grow(third, 61);
    expect(abandoned).toEqual([]);
    held.grow(third, 1);
    expect(abandoned).toEqual(['third']);
  });
});
