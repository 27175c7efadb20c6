import { setMaxListeners } from 'node:events';
import { jest } from '@jest/globals';
import { RedfishBusyError } from '../errors.js';
import { RequestQueue } from './queue.js';

const free = new AbortController().signal;
setMaxListeners(0, free);

function job(): { work: () => Promise<void>; end: () => void; started: Promise<void> } {
  let end = (): void => undefined;
  let begin = (): void => undefined;
  const started = new Promise<void>((resolve) => (begin = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = async (): Promise<void> => {
    begin();
    await ended;
  };
  return { work, end: () => end(), started };
}

function queue(limits: Partial<{ width: number; limit: number; budget: number }> = {}): RequestQueue {
  return new RequestQueue('https://bmc.test', { width: 1, limit: 10, budget: 10_000, ...limits });
}

describe('RequestQueue', () => {
  it('runs everything, at most `width` at a time', async () => {
    const requests = queue({ width: 2, limit: 100 });
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all(Array.from({ length: 50 }, async () => requests.run(work, free)));
    expect([most, running, requests.length]).toEqual([2, 0, 0]);
  });

  it('keeps the order, urgent work first', async () => {
    const requests = queue();
    const first = job();
    const order: string[] = [];
    const running = [requests.run(first.work, free)];
    const note = (name: string) => async () => void order.push(name);
    running.push(
      requests.run(note('a'), free),
      requests.run(note('b'), free),
      requests.run(note('login'), free, true),
    );
    first.end();
    await Promise.all(running);
    expect(order).toEqual(['login', 'a', 'b']);
  });

  it('refuses work when it is full, except urgent work', async () => {
    const requests = queue({ limit: 1 });
    const first = job();
    const running = [requests.run(first.work, free), requests.run(async () => undefined, free)];
    await expect(requests.run(async () => undefined, free)).rejects.toBeInstanceOf(RedfishBusyError);
    running.push(requests.run(async () => undefined, free, true));
    first.end();
    await Promise.all(running);
  });

  it('rejects work that waited too long', async () => {
    const requests = queue({ budget: 5 });
    const first = job();
    const running = requests.run(first.work, free);
    await expect(requests.run(async () => undefined, free)).rejects.toThrow('waited 5 ms for its turn');
    first.end();
    await running;
  });

  it.each([2 ** 31, Infinity])('lets work wait %d ms, which Node would take for 1 ms', async (budget) => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const requests = queue({ budget });
      const first = job();
      const running = requests.run(first.work, free);
      const waiting = requests.run(async () => 'done', free);
      jest.advanceTimersByTime(3_600_000);
      await new Promise((resolve) => setImmediate(resolve));
      expect(requests.length).toBe(1);
      first.end();
      await running;
      await expect(waiting).resolves.toBe('done');
    } finally {
      jest.useRealTimers();
    }
  });

  it('rejects with the reason of the signal, frees the place, and never runs the work', async () => {
    const requests = queue();
    const first = job();
    const running = requests.run(first.work, free);
    const controller = new AbortController();
    let ran = false;
    const waiting = requests.run(async () => void (ran = true), controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(requests.length).toBe(0);
    first.end();
    await running;
    await expect(requests.run(async () => 'next', free)).resolves.toBe('next');
    expect(ran).toBe(false);
  });

  it('frees the place of work that fails', async () => {
    const requests = queue();
    await expect(requests.run(async () => Promise.reject(new Error('down')), free)).rejects.toThrow('down');
    await expect(requests.run(async () => 'next', free)).resolves.toBe('next');
  });

  it('becomes narrower while it runs', async () => {
    const requests = queue({ width: 2 });
    const [first, second, third] = [job(), job(), job()];
    const running = [first, second, third].map(async ({ work }) => requests.run(work, free));
    requests.resize(1);
    first.end();
    await running[0];
    expect(requests.length).toBe(1);
    second.end();
    await third.started;
    third.end();
    await Promise.all(running);
  });
});
