import { FairQueue } from './fair-queue.js';

describe('FairQueue', () => {
  it('lets owners take turns, and runs no more than its limit', async () => {
    const queue = new FairQueue(2);
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const task = (name: string) => async (): Promise<string> => {
      most = Math.max(most, ++running);
      order.push(name);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return name;
    };
    const flood = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((name) => queue.run('a', task(name)));
    const few = ['b1', 'b2'].map((name) => queue.run('b', task(name)));
    expect(await Promise.all([...flood, ...few])).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1', 'b2']);
    expect(order).toEqual(['a1', 'a2', 'a3', 'b1', 'a4', 'b2', 'a5', 'a6']);
    expect(most).toBe(2);
  });

  it('goes on after a task that failed', async () => {
    const queue = new FairQueue(1);
    const failed = queue.run('a', () => Promise.reject(new Error('no')));
    const next = queue.run('a', async () => 'next');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});
