import { Coalescer } from './coalescer.js';

/** A table whose queries are answered when the test says so. */
class Table {
  readonly queries: string[][] = [];
  private readonly answers: ((error?: Error) => void)[] = [];

  readonly find = (keys: readonly string[]): Promise<(string | undefined)[]> => {
    this.queries.push([...keys]);
    return new Promise((resolve, reject) => {
      this.answers.push((error) =>
        error ? reject(error) : resolve(keys.map((key) => (key === 'none' ? undefined : `row of ${key}`))),
      );
    });
  };

  answer(error?: Error): void {
    this.answers.shift()?.(error);
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a coalescer', () => {
  let table: Table;
  let lookup: Coalescer<string, string | undefined>;

  beforeEach(() => {
    table = new Table();
    lookup = new Coalescer({ work: table.find });
  });

  it('asks once for what is asked at the same time, and gives everybody his own', async () => {
    const asked = ['a', 'none', 'b', 'a'].map((key) => lookup.run(key));
    await nextTurn();
    expect(table.queries).toEqual([['a', 'none', 'b', 'a']]);
    table.answer();
    expect(await Promise.all(asked)).toEqual(['row of a', undefined, 'row of b', 'row of a']);
  });

  it('reads anew what is asked for again', async () => {
    for (const times of [1, 2]) {
      const asked = lookup.run('a');
      await nextTurn();
      expect(table.queries).toHaveLength(times);
      table.answer();
      expect(await asked).toBe('row of a');
    }
  });

  it('gathers what comes while two queries are under way', async () => {
    const asked: Promise<string | undefined>[] = [];
    for (const key of ['a', 'b', 'c', 'd']) {
      asked.push(lookup.run(key));
      await nextTurn();
    }
    expect(table.queries).toEqual([['a'], ['b']]);
    table.answer();
    while (table.queries.length < 3) await nextTurn();
    expect(table.queries).toEqual([['a'], ['b'], ['c', 'd']]);
    table.answer();
    table.answer();
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd'].map((key) => `row of ${key}`));
  });

  it('tells everybody of a failure, and goes on', async () => {
    const asked = [lookup.run('a'), lookup.run('b')];
    const outcomes = Promise.allSettled(asked);
    await nextTurn();
    table.answer(new Error('gone'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const later = lookup.run('a');
    await nextTurn();
    table.answer();
    expect(await later).toBe('row of a');
  });
});
