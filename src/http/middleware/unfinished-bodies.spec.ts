import { UnfinishedBodies } from './unfinished-bodies.js';

describe('unfinished bodies', () => {
  const abandoned: string[] = [];
  const bodies = new UnfinishedBodies(100);
  const body = (name: string) => ({ abandon: () => void abandoned.push(name) });
  const [first, second, third] = [body('first'), body('second'), body('third')];
  beforeEach(() => abandoned.splice(0));

  it('may have the total, above which the oldest is abandoned', () => {
    bodies.add(first, 0);
    bodies.add(second, 0);
    bodies.grow(second, 60);
    bodies.grow(first, 40);
    expect(abandoned).toEqual([]);
    bodies.grow(second, 1);
    expect(abandoned).toEqual(['first']);
  });

  it('count no more once they are finished or abandoned', () => {
    bodies.grow(first, 1_000);
    bodies.remove(first);
    bodies.add(third, 39);
    expect(abandoned).toEqual([]);
    bodies.remove(second);
    bodies.grow(third, 61);
    expect(abandoned).toEqual([]);
    bodies.grow(third, 1);
    expect(abandoned).toEqual(['third']);
  });
});
