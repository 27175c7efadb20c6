import { Conflict } from '@ferrule/driver-kit';
import { FairQueue, TurnRefused } from './fair-queue.js';
import { Stop } from './stop.js';

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

  it('refuses the last task of the owner with the most when too many wait, and goes on', async () => {
    const queue = new FairQueue(1, { length: 3, wait: Infinity });
    const ends: (() => void)[] = [];
    const task = (name: string) => (): Promise<string> =>
      new Promise((resolve) => {
        ends.push(() => resolve(name));
      });
    const outcomes = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1'].map((name) =>
      queue.run(name.slice(0, 1), task(name)).catch((error: unknown) => error),
    );
    const refused = await Promise.all(outcomes.slice(2, 4));
    expect(refused).toEqual([expect.any(TurnRefused), expect.any(TurnRefused)]);
    for (let ended = 0; ended < 4; ended++) {
      ends[ended]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const done = [...outcomes.slice(0, 2), ...outcomes.slice(4)];
    expect(await Promise.all(done)).toEqual(['a1', 'a2', 'b1', 'c1']);
  });

  it('runs no task whose owner left the line, or had left before', async () => {
    const queue = new FairQueue(1);
    let end = (): void => {};
    const first = queue.run('a', () => new Promise<void>((resolve) => (end = resolve)));
    const [left, stayed] = [new Stop(), new Stop()];
    const ran: string[] = [];
    const task = (name: string) => async () => void ran.push(name);
    const second = queue.run('b', task('left'), left);
    const third = queue.run('b', task('stayed'), stayed);
    left.abort(new Conflict('left'));
    await expect(second).rejects.toThrow('left');
    await expect(queue.run('c', task('late'), left)).rejects.toThrow('left');
    end();
    await Promise.all([first, third]);
    stayed.abort(new Conflict('too late'));
    expect(await queue.run('d', async () => ran)).toEqual(['stayed']);
  });

  it('refuses a task that has waited for too long, and does not run it later', async () => {
    const queue = new FairQueue(1, { length: 9, wait: 1 });
    let end = (): void => {};
    const first = queue.run('a', () => new Promise<void>((resolve) => (end = resolve)));
    let isRun = false;
    const second = queue.run('b', async () => {
      isRun = true;
    });
    await expect(second).rejects.toThrow(TurnRefused);
    end();
    await first;
    expect(await queue.run('c', async () => 'next')).toBe('next');
    expect(isRun).toBe(false);
  });
});
