import { Conflict } from '@ferrule/driver-kit';
import { jest } from '@jest/globals';
import { Stop } from '../waiting/stop.js';
import { Coalescer, type CoalescerOptions } from './coalescer.js';

class Table {
  readonly batches: string[][] = [];
  private readonly answers: ((error?: Error) => void)[] = [];

  readonly work = (keys: readonly string[]): Promise<string[]> => {
    this.batches.push([...keys]);
    return new Promise((resolve, reject) => {
      this.answers.push((error) => (error ? reject(error) : resolve(keys.map((key) => `row of ${key}`))));
    });
  };

  answer(error?: Error): void {
    this.answers.shift()?.(error);
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a coalescer', () => {
  let table: Table;
  const coalescer = (options: Partial<CoalescerOptions<string, string>> = {}) =>
    new Coalescer<string, string>({ work: table.work, ...options });
  const batches = async (count: number) => {
    for (let turns = 0; table.batches.length < count && turns < 100; turns++) await nextTurn();
    return table.batches;
  };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    table = new Table();
  });
  afterEach(() => jest.useRealTimers());

  it('batches concurrent calls and gives each its own result', async () => {
    const subject = coalescer();
    const asked = ['a', 'b', 'a'].map((key) => subject.run(key));
    expect(await batches(1)).toEqual([['a', 'b', 'a']]);
    table.answer();
    expect(await Promise.all(asked)).toEqual(['row of a', 'row of b', 'row of a']);
  });

  it('sends a repeated item again', async () => {
    const subject = coalescer();
    for (const times of [1, 2]) {
      const asked = subject.run('a');
      expect(await batches(times)).toHaveLength(times);
      table.answer();
      expect(await asked).toBe('row of a');
    }
  });

  it('collects items while the maximum number of batches is running', async () => {
    const subject = coalescer();
    const asked: Promise<string>[] = [];
    for (const key of ['a', 'b', 'c', 'd']) {
      asked.push(subject.run(key));
      await nextTurn();
    }
    expect(table.batches).toEqual([['a'], ['b']]);
    table.answer();
    expect(await batches(3)).toEqual([['a'], ['b'], ['c', 'd']]);
    table.answer();
    table.answer();
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd'].map((key) => `row of ${key}`));
  });

  it('limits the size of a batch and keeps the order', async () => {
    const subject = coalescer({ maxBatch: 2, maxRunning: 1 });
    const asked = ['a', 'b', 'c'].map((key) => subject.run(key));
    expect(await batches(1)).toEqual([['a', 'b']]);
    table.answer();
    expect(await batches(2)).toEqual([['a', 'b'], ['c']]);
    table.answer();
    expect(await Promise.all(asked)).toHaveLength(3);
  });

  it('limits the weight of a batch, and sends a heavier item alone', async () => {
    const subject = coalescer({
      weightOf: (item) => item.length,
      maxWeight: 4,
      keyOf: (item) => item,
      maxRunning: 1,
    });
    const asked = ['aa', 'heavy', 'b', 'cc', 'heavy'].map((item) => subject.run(item));
    expect(await batches(1)).toEqual([['aa', 'b']]);
    table.answer();
    expect(await batches(2)).toEqual([['aa', 'b'], ['heavy']]);
    table.answer();
    expect(await batches(3)).toEqual([['aa', 'b'], ['heavy'], ['cc']]);
    table.answer();
    expect(await batches(4)).toEqual([['aa', 'b'], ['heavy'], ['cc'], ['heavy']]);
    table.answer();
    expect(await Promise.all(asked)).toHaveLength(5);
  });

  it.each(['keyOf', 'weightOf'] as const)(
    'rejects an item whose %s throws, and sends the others',
    async (name) => {
      const subject = coalescer({
        [name]: (item: string) => {
          if (item === 'bad') throw new Error('unreadable');
          return name === 'keyOf' ? item : item.length;
        },
      });
      const outcomes = Promise.allSettled(['a', 'bad', 'b'].map((item) => subject.run(item)));
      expect(await batches(1)).toEqual([['a', 'b']]);
      table.answer();
      expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    },
  );

  it('never sends two items of one key in one batch', async () => {
    const subject = coalescer({ keyOf: (item) => item.slice(0, 1), maxRunning: 1 });
    const asked = ['a1', 'a2', 'b1', 'a3'].map((key) => subject.run(key));
    expect(await batches(1)).toEqual([['a1', 'b1']]);
    table.answer();
    expect(await batches(2)).toEqual([['a1', 'b1'], ['a2']]);
    table.answer();
    expect(await batches(3)).toEqual([['a1', 'b1'], ['a2'], ['a3']]);
    table.answer();
    expect(await Promise.all(asked)).toHaveLength(4);
  });

  it('is not blocked by batches that never end', async () => {
    const subject = coalescer({ patience: 250 });
    for (const key of ['hung', 'hung too', 'a']) {
      void subject.run(key);
      await nextTurn();
    }
    expect(table.batches).toEqual([['hung'], ['hung too']]);
    await jest.advanceTimersByTimeAsync(249);
    expect(table.batches).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(await batches(3)).toEqual([['hung'], ['hung too'], ['a']]);
  });

  it('counts a batch that ends late only once', async () => {
    const subject = coalescer({ patience: 250, maxRunning: 1 });
    const late = subject.run('late');
    await batches(1);
    await jest.advanceTimersByTimeAsync(250);
    void subject.run('a');
    await batches(2);
    table.answer();
    await late;
    void subject.run('b');
    for (let turns = 0; turns < 10; turns++) await nextTurn();
    expect(table.batches).toEqual([['late'], ['a']]);
  });

  it('rejects every item of a failed batch, and goes on', async () => {
    const subject = coalescer();
    const outcomes = Promise.allSettled([subject.run('a'), subject.run('b')]);
    await batches(1);
    table.answer(new Error('gone'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const later = subject.run('a');
    await batches(2);
    table.answer();
    expect(await later).toBe('row of a');
  });

  it('sends the items one by one after a failure caused by one of them', async () => {
    const work = jest.fn(async (items: readonly string[]) => {
      await nextTurn();
      if (items.includes('bad')) throw new Error('bad item');
      return items.map((item) => `row of ${item}`);
    });
    const subject = coalescer({ work, aloneAfter: (error) => String(error).includes('bad item') });
    const outcomes = await Promise.allSettled(['a', 'bad', 'b'].map((item) => subject.run(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(work.mock.calls.map(([items]) => items)).toEqual([['a', 'bad', 'b'], ['a'], ['bad'], ['b']]);
  });

  it('rejects when results are missing', async () => {
    const subject = coalescer({ work: () => Promise.resolve(['one']) });
    const outcomes = await Promise.allSettled([subject.run('a'), subject.run('b')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  describe('when the caller gives up', () => {
    it('drops an item that was not sent', async () => {
      const subject = coalescer({ maxRunning: 1 });
      void subject.run('running');
      await batches(1);
      const call = new Stop();
      const dropped = subject.run('dropped', call);
      const kept = subject.run('kept');
      const reason = new Conflict('hung up');
      call.abort(reason);
      table.answer();
      await expect(dropped).rejects.toBe(reason);
      expect(await batches(2)).toEqual([['running'], ['kept']]);
      table.answer();
      await kept;
    });

    it('returns the result of an item that was sent', async () => {
      const subject = coalescer();
      const call = new Stop();
      const sent = subject.run('a', call);
      await batches(1);
      call.abort(new Conflict('hung up'));
      table.answer();
      expect(await sent).toBe('row of a');
    });

    it('sends nothing if the caller had already given up', async () => {
      const call = new Stop();
      call.abort(new Conflict('gone'));
      await expect(coalescer().run('a', call)).rejects.toThrow('gone');
      await nextTurn();
      expect(table.batches).toEqual([]);
    });
  });
});
