import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { JobFeeder } from './job.feeder.js';

class MemoryQueue {
  readonly entries: (readonly string[])[] = [];
  readonly quiet = 5_000;
  isThere = true;
  breakConnection = (): void => {};
  private pending: (() => void)[] = [];

  add(_queue: string, ids: readonly string[]): Promise<void> {
    if (!this.isThere) return Promise.reject(new Error('away'));
    this.entries.push(ids);
    return new Promise((resolve) => this.pending.push(resolve));
  }

  depth(): Promise<number> {
    return this.isThere ? Promise.resolve(this.entries.length) : Promise.reject(new Error('away'));
  }

  onTrouble(listener: () => void): void {
    this.breakConnection = listener;
  }

  async confirm(): Promise<void> {
    for (const resolve of this.pending.splice(0)) resolve();
    await jest.advanceTimersByTimeAsync(0);
  }
}

describe('JobFeeder', () => {
  let queue: MemoryQueue;
  let feeder: JobFeeder;
  let isReady: () => boolean;
  let lifecycle: Lifecycle;

  const offer = (...ids: string[]): void =>
    feeder.offer(ids.map((id) => ({ id, driver: 'fake-hardware', group: '' })));

  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
    queue = new MemoryQueue();
    lifecycle = new Lifecycle(20);
    feeder = new JobFeeder(queue, { watch: (_name, isUp) => (isReady = isUp) }, lifecycle);
    lifecycle.serve();
  });
  afterEach(async () => {
    queue.isThere = false;
    await queue.confirm();
    await feeder.onApplicationShutdown();
    lifecycle.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('adds a single job at once, and the jobs that arrive meanwhile in one entry', async () => {
    offer('a');
    offer('b');
    offer('c', 'd');
    expect(queue.entries).toEqual([['a']]);
    await queue.confirm();
    expect(queue.entries).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('splits many jobs over several entries', async () => {
    const ids = Array.from({ length: 150 }, (_, number) => String(number));
    offer(...ids);
    for (let round = 0; round < 3; round++) await queue.confirm();
    expect(queue.entries.map(({ length }) => length)).toEqual([64, 64, 22]);
    expect(queue.entries.flat()).toEqual(ids);
  });

  it('is not asked before the service serves', async () => {
    queue.isThere = false;
    const starting = new Lifecycle(20);
    const early = new JobFeeder(queue, { watch: () => {} }, starting);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(early.isAway).toBe(false);
    starting.serve();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(early.isAway).toBe(true);
    await early.onApplicationShutdown();
  });

  it('knows that the queue is away as soon as its connection breaks', async () => {
    queue.isThere = false;
    queue.breakConnection();
    await jest.advanceTimersByTimeAsync(0);
    expect([feeder.isAway, isReady()]).toEqual([true, false]);
  });

  it('detects that the queue is away, keeps accepted jobs, and adds them when the queue is back', async () => {
    queue.isThere = false;
    offer('a');
    await jest.advanceTimersByTimeAsync(0);
    offer('b');
    expect([feeder.isAway, isReady()]).toEqual([true, false]);
    await jest.advanceTimersByTimeAsync(60_000);
    queue.isThere = true;
    await jest.advanceTimersByTimeAsync(500);
    expect([feeder.isAway, isReady(), queue.entries]).toEqual([false, true, [['a', 'b']]]);
  });

  describe('at a shutdown', () => {
    let isClosed: boolean;
    beforeEach(() => {
      isClosed = false;
      offer('a');
      offer('b');
      lifecycle.drain();
      void feeder.onApplicationShutdown().then(() => (isClosed = true));
    });

    it('ends when all jobs have their entries', async () => {
      await queue.confirm();
      expect([queue.entries, isClosed]).toEqual([[['a'], ['b']], false]);
      await queue.confirm();
      expect(isClosed).toBe(true);
    });

    it('ends with the time for closing if the queue does not answer', async () => {
      await jest.advanceTimersByTimeAsync(lifecycle.left.closing - 1);
      expect(isClosed).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      expect(isClosed).toBe(true);
    });
  });
});
